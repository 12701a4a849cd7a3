using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace TradeProcessor.Load.Http;

/// <summary>
/// The head of every POST, made once. The length is written last, right-aligned in a field of
/// fixed width: spaces before a value are allowed (RFC 9110, 5.5), so nothing has to move.
/// </summary>
internal sealed class RequestTemplate
{
    private const int LengthWidth = 9;

    private readonly byte[] _head;

    public RequestTemplate(Target target, string contentType, IReadOnlyList<string> headers)
    {
        var path = new Uri(target.Url, "trades").AbsolutePath;
        var extra = string.Concat(headers.Select(header => header + "\r\n"));
        var text = $"POST {path} HTTP/1.1\r\nHost: {target.Url.Authority}\r\n{extra}"
            + $"Content-Type: {contentType}\r\n"
            + $"Content-Length:{new string(' ', LengthWidth)}\r\n\r\n";
        _head = Encoding.ASCII.GetBytes(text);
    }

    public const string OneTrade = "application/json";

    public const string ManyTrades = "application/x-ndjson";

    /// <summary>Bytes before the body.</summary>
    public int Length => _head.Length;

    /// <summary>Writes the head in front of a body that starts at <see cref="Length"/>.</summary>
    public void Write(Span<byte> request, int bodyLength)
    {
        _head.CopyTo(request);
        Span<byte> digits = stackalloc byte[20];
        var fits = Utf8Formatter.TryFormat(bodyLength, digits, out var count);
        Debug.Assert(fits && count < LengthWidth);
        digits[..count].CopyTo(request[(_head.Length - 4 - count)..]);
    }
}
