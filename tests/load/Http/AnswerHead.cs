using System.Buffers.Text;
using System.Text;

namespace TradeProcessor.Load.Http;

/// <summary>Status line and the few headers that matter here.</summary>
internal struct AnswerHead
{
    public int Status;
    public int RetryAfter;
    public long ContentLength;
    public bool Chunked;
    public bool Closes;

    /// <summary>1xx, 204 and 304 have no body whatever their headers say (RFC 9112, 6.3).</summary>
    public readonly bool HasNoBody => Status is < 200 or 204 or 304;

    /// <param name="head">Everything before the empty line.</param>
    /// <exception cref="ProtocolException">Not a head of HTTP/1.x.</exception>
    public static AnswerHead Parse(ReadOnlySpan<byte> head)
    {
        var answer = new AnswerHead { RetryAfter = -1, ContentLength = -1 };
        var end = head.IndexOf("\r\n"u8);
        var line = end < 0 ? head : head[..end];
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8)
            || !Utf8Parser.TryParse(line.Slice(9, 3), out answer.Status, out var digits)
            || digits != 3)
        {
            throw new ProtocolException(
                $"not an HTTP/1.1 answer: {Text(line[..Math.Min(line.Length, 60)])}");
        }

        answer.Closes = line[7] == (byte)'0';
        while (end >= 0)
        {
            head = head[(end + 2)..];
            end = head.IndexOf("\r\n"u8);
            answer.Read(end < 0 ? head : head[..end]);
        }

        return answer;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private void Read(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
            throw new ProtocolException($"a header without a colon: {Text(line)}");

        var name = line[..colon];
        var value = line[(colon + 1)..].Trim(" \t"u8);
        // The length of the name first: most headers are none of these.
        switch (name.Length)
        {
            case 14 when Ascii.EqualsIgnoreCase(name, "Content-Length"u8):
                if (!Utf8Parser.TryParse(value, out ContentLength, out var used)
                    || used != value.Length || ContentLength < 0)
                {
                    throw new ProtocolException($"Content-Length {Text(value)}");
                }

                break;
            case 17 when Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8):
                Chunked = Ascii.EqualsIgnoreCase(value, "chunked"u8);
                if (!Chunked)
                    throw new ProtocolException($"Transfer-Encoding {Text(value)}");
                break;
            case 10 when Ascii.EqualsIgnoreCase(name, "Connection"u8):
                Closes = Ascii.EqualsIgnoreCase(value, "close"u8);
                break;
            case 11 when Ascii.EqualsIgnoreCase(name, "Retry-After"u8):
                if (!Utf8Parser.TryParse(value, out RetryAfter, out _))
                    RetryAfter = -1;
                break;
        }
    }
}
