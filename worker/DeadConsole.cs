using System.Globalization;
using System.Text;
using System.Text.Json;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Worker;

/// <summary>Where the command <c>dead</c> writes and asks.</summary>
/// <param name="Input">Null where nobody can be asked.</param>
internal sealed record DeadConsole(TextWriter Output, TextWriter Error, TextReader? Input)
{
    private static readonly string[] Header =
        ["ID", "DIED AT", "RECEIVED AT", "TRADES", "BYTES", "ATTEMPTS", "REASON"];

    private const int FirstNumber = 3;
    private const int FirstText = 6;

    public async Task<bool> ConfirmAsync(string question)
    {
        await Output.WriteAsync(question);
        await Output.FlushAsync();
        var answer = await Input!.ReadLineAsync();
        return answer?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    public void Json(DeadReport report)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, ServingJson.WriterOptions))
            JsonSerializer.Serialize(writer, DeadBody.Of(report), ServingJson.Default.DeadBody);
        Output.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    public void Table(DeadReport report)
    {
        if (report.Total == 0)
        {
            Output.WriteLine("There are no dead frames.");
            return;
        }
        string[][] rows = [Header, .. report.Recent.Select(Row)];
        var widths = Enumerable.Range(0, Header.Length)
            .Select(column => rows.Max(row => row[column].Length))
            .ToArray();
        foreach (var row in rows)
        {
            Output.WriteLine(string.Join("  ", row.Select((cell, column) => column switch
            {
                < FirstNumber => cell.PadRight(widths[column]),
                < FirstText => cell.PadLeft(widths[column]),
                _ => cell,
            })));
        }
        Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Recent.Count} of {report.Total} frames, {report.Trades} trades in all"));
    }

    private static string[] Row(DeadLetter letter) =>
    [
        letter.Id,
        Instant(letter.DiedAt),
        letter.ReceivedAt is { } receivedAt ? Instant(receivedAt) : "?",
        letter.Trades.ToString(CultureInfo.InvariantCulture),
        letter.Bytes.ToString(CultureInfo.InvariantCulture),
        letter.Attempts.ToString(CultureInfo.InvariantCulture),
        // A reason may quote what was received: nothing that moves the cursor.
        string.Concat(letter.Reason.Select(c => char.IsControl(c) ? ' ' : c)),
    ];

    private static string Instant(DateTime instant) =>
        instant.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
