using System.Buffers.Text;

namespace TradeProcessor.Load.Http;

/// <summary>
/// Takes one answer from the front of what has been received. Pure: it starts again from the front
/// when more has come, which costs nothing for answers that mostly arrive whole.
/// </summary>
internal static class AnswerParser
{
    // An answer to a batch lists at most 100 errors, about 8 KiB; a page of a proxy is no longer.
    private const int MaxHead = 64 * 1024;
    private const int MaxBody = 16 * 1024 * 1024;

    /// <param name="received">What has come; chunks are joined in place once all are there.</param>
    /// <param name="ended">The server has closed: an answer without a length is complete.</param>
    /// <param name="head">Status and headers.</param>
    /// <param name="body">Where the body lies in <paramref name="received"/>.</param>
    /// <returns>How many bytes the answer took; 0 where more must come.</returns>
    /// <exception cref="ProtocolException">This is not an answer.</exception>
    public static int Parse(Span<byte> received, bool ended, out AnswerHead head, out Range body)
    {
        body = default;
        head = default;
        var headLength = received.IndexOf("\r\n\r\n"u8);
        if (headLength < 0)
        {
            return received.Length <= MaxHead
                ? 0
                : throw new ProtocolException("an answer whose headers do not end");
        }

        head = AnswerHead.Parse(received[..headLength]);
        var start = headLength + 4;
        if (head.HasNoBody)
        {
            body = start..start;
            return start;
        }

        if (head.Chunked)
            return ParseChunks(received, start, out body);

        if (head.ContentLength > MaxBody)
            throw new ProtocolException($"a body of {head.ContentLength} bytes");

        if (head.ContentLength < 0)
        {
            // Without a length the body ends with the connection.
            head.Closes = true;
            body = start..received.Length;
            return ended ? received.Length : 0;
        }

        var end = start + (int)head.ContentLength;
        body = start..end;
        return received.Length >= end ? end : 0;
    }

    private static int ParseChunks(Span<byte> received, int start, out Range body)
    {
        var end = WalkChunks(received, start, join: false, out _);
        body = default;
        if (end == 0)
            return 0;

        WalkChunks(received, start, join: true, out var joined);
        body = start..joined;
        return end;
    }

    // Joining destroys the framing, so it is a second walk, once the last chunk is there.
    private static int WalkChunks(Span<byte> received, int start, bool join, out int joined)
    {
        joined = start;
        var at = start;
        while (true)
        {
            var lineLength = received[at..].IndexOf("\r\n"u8);
            if (lineLength < 0)
                return 0;

            var line = received.Slice(at, lineLength);
            if (!Utf8Parser.TryParse(line, out int size, out var used, 'x')
                || size is < 0 or > MaxBody || (used < lineLength && line[used] != (byte)';'))
            {
                throw new ProtocolException("a chunk without a size");
            }

            at += lineLength + 2;
            if (size == 0)
                return EndOfTrailers(received, at);
            if (received.Length < at + size + 2)
                return 0;

            if (join)
            {
                received.Slice(at, size).CopyTo(received[joined..]);
                joined += size;
            }

            at += size + 2;
        }
    }

    private static int EndOfTrailers(ReadOnlySpan<byte> received, int at)
    {
        while (true)
        {
            var lineLength = received[at..].IndexOf("\r\n"u8);
            if (lineLength < 0)
                return 0;
            at += lineLength + 2;
            if (lineLength == 0)
                return at;
        }
    }
}
