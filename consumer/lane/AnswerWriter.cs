using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using TradeProcessor.Consumer.Api;

namespace TradeProcessor.Consumer.Lane;

/// <summary>Writes answers as Kestrel would: the same headers in the same order.</summary>
internal sealed class AnswerWriter(TimeProvider time)
{
    private Dated _dated = new(time.GetUtcNow());

    /// <param name="closes">The connection ends after it.</param>
    public void Write(IBufferWriter<byte> output, TradesAnswer answer, bool closes)
    {
        var dated = Now();
        if (ReferenceEquals(answer, TradesAnswer.Accepted) && !closes)
            output.Write(dated.Accepted);
        else
            output.Write(Format(answer, dated.Date, closes));
    }

    // The same second gives the same bytes; which of two threads makes them does not matter.
    private Dated Now()
    {
        var now = time.GetUtcNow();
        var dated = Volatile.Read(ref _dated);
        if (dated.Second != now.Ticks / TimeSpan.TicksPerSecond)
            Volatile.Write(ref _dated, dated = new Dated(now));
        return dated;
    }

    private static byte[] Format(TradesAnswer answer, string date, bool closes)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {answer.Status} {ReasonPhrases.GetReasonPhrase(answer.Status)}\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {answer.Body.Length}\r\n");
        if (closes)
            head.Append("Connection: close\r\n");
        if (answer.MediaType is not null)
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {answer.MediaType}\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Date: {date}\r\n");
        if (answer.IsProblem)
            head.Append("Cache-Control: no-store\r\n");
        if (answer.IsForRetry)
            head.Append("Retry-After: 1\r\n");
        head.Append("X-Content-Type-Options: nosniff\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head.ToString()), .. answer.Body];
    }

    /// <summary>What stays the same within a second.</summary>
    private sealed class Dated
    {
        public Dated(DateTimeOffset now)
        {
            Second = now.Ticks / TimeSpan.TicksPerSecond;
            Date = now.ToString("r", CultureInfo.InvariantCulture);
            Accepted = Format(TradesAnswer.Accepted, Date, closes: false);
        }

        public long Second { get; }

        public string Date { get; }

        public byte[] Accepted { get; }
    }
}
