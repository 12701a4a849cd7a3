using System.Globalization;
using System.Text;

namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>An answer as it came, the headers as they stood.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyList<string> Headers, string Body)
{
    public bool Closes => Headers.Contains("Connection: close");

    public bool IsForRetry => Headers.Contains("Retry-After: 1");
}

/// <summary>Reads answers with a Content-Length, one after the other.</summary>
internal sealed class AnswerReader(Stream stream) : IDisposable
{
    private const string Length = "Content-Length: ";

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
    private byte[] _bytes = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>Null where the connection has ended before one.</summary>
    public async Task<RawAnswer?> ReadAsync()
    {
        int end;
        while ((end = _bytes.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync())
                return null;
        }
        var head = Encoding.Latin1.GetString(_bytes, _start, end).Split("\r\n");
        _start += end + 4;
        var length = int.Parse(
            Assert.Single(head, line => line.StartsWith(Length, StringComparison.Ordinal))
                .AsSpan(Length.Length),
            CultureInfo.InvariantCulture);
        while (_end - _start < length)
        {
            if (!await FillAsync())
                return null;
        }
        var body = Encoding.UTF8.GetString(_bytes, _start, length);
        _start += length;
        return new RawAnswer(
            int.Parse(head[0].AsSpan(9, 3), CultureInfo.InvariantCulture), head[1..], body);
    }

    public async Task<List<RawAnswer>> ReadAsync(int count)
    {
        var answers = new List<RawAnswer>();
        while (answers.Count < count)
            answers.Add(Assert.IsType<RawAnswer>(await ReadAsync()));
        return answers;
    }

    public void Dispose() => _limit.Dispose();

    // False at the end, orderly or not.
    private async Task<bool> FillAsync()
    {
        _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
        (_start, _end) = (0, _end - _start);
        if (_end == _bytes.Length)
            Array.Resize(ref _bytes, 2 * _bytes.Length);
        try
        {
            var read = await stream.ReadAsync(_bytes.AsMemory(_end), _limit.Token);
            _end += read;
            return read > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
