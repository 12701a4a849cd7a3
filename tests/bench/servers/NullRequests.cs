using System.Buffers.Text;

namespace TradeProcessor.Bench.Servers;

/// <summary>Counts the requests of a connection by their heads; bodies are skipped.</summary>
internal sealed class NullRequests
{
    private const int MaxAnswers = 1024; // more than fit the buffer

    private static readonly byte[] Answer =
        "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    private static readonly byte[] Answers =
        [.. Enumerable.Range(0, MaxAnswers).SelectMany(_ => Answer)];

    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _held;
    private long _skip;

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Free => _buffer.AsMemory(_held);

    /// <param name="read">Bytes that have come into <see cref="Free"/>.</param>
    /// <returns>The answers of all requests that have ended with them.</returns>
    public ReadOnlyMemory<byte> Take(int read)
    {
        var bytes = _buffer.AsSpan(0, _held + read);
        var ended = 0;
        while (true)
        {
            if (_skip > 0)
            {
                var now = (int)Math.Min(_skip, bytes.Length);
                bytes = bytes[now..];
                _skip -= now;
                if (_skip > 0)
                    break;
                ended++;
            }
            var head = bytes.IndexOf("\r\n\r\n"u8);
            if (head < 0)
                break;
            _skip = BodyLength(bytes[..head]);
            if (_skip == 0)
                ended++;
            bytes = bytes[(head + 4)..];
        }
        bytes.CopyTo(_buffer);
        _held = bytes.Length;
        return Answers.AsMemory(0, ended * Answer.Length);
    }

    private static long BodyLength(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out long length, out _)
            ? length
            : 0;
    }
}
