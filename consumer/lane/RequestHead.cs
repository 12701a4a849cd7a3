using TradeProcessor.Consumer.Bodies;

namespace TradeProcessor.Consumer.Lane;

internal enum HeadStatus
{
    /// <summary>The head is whole, and one that the lane takes.</summary>
    Whole,

    /// <summary>What there is could be the beginning of one.</summary>
    Incomplete,

    /// <summary>It is not one that the lane takes: Kestrel's to read.</summary>
    Other,
}

/// <summary>
/// The head of a request as the lane takes it (RFC 9112):
/// <list type="number">
/// <item>The request line is <c>POST /trades HTTP/1.1</c>, or <c>1.0</c>, byte for byte.</item>
/// <item>Every line ends with CR LF; names come directly before the colon; values are visible
/// ASCII and spaces.</item>
/// <item>There is one Host, a name or an IPv4 address with or without a port; one Content-Length,
/// digits alone and not 0; one Content-Type, JSON or NDJSON, with or without
/// <c>; charset=utf-8</c>; at most one Connection, <c>close</c> or, not with 1.0,
/// <c>keep-alive</c>.</item>
/// <item>All other headers are of those that change neither how the request is read nor what it
/// means. One that is not known is a reason to leave the request to Kestrel.</item>
/// </list>
/// </summary>
/// <param name="Length">Bytes of the head, the empty line included.</param>
/// <param name="ContentLength">Bytes of the body.</param>
/// <param name="Closes">The connection ends behind the answer.</param>
internal readonly record struct RequestHead(
    int Length, int ContentLength, BodyKind Kind, bool Closes)
{
    /// <summary>A longer head is Kestrel's; that of a common client has 100 to 300 bytes.</summary>
    public const int MaxBytes = 2048;

    // Kestrel takes 100.
    private const int MaxHeaders = 64;

    private const int MaxContentLengthDigits = 9;

    private static ReadOnlySpan<byte> RequestLine => "POST /trades HTTP/1.1\r\n"u8;

    private static ReadOnlySpan<byte> OldRequestLine => "POST /trades HTTP/1.0\r\n"u8;

    [Flags]
    private enum Seen
    {
        Host = 1,
        ContentLength = 2,
        ContentType = 4,
        Connection = 8,
        Required = Host | ContentLength | ContentType,
    }

    /// <param name="text">Begins with the head.</param>
    public static HeadStatus Read(ReadOnlySpan<byte> text, out RequestHead head)
    {
        head = default;
        var isOld = text.StartsWith(OldRequestLine);
        if (!isOld && !text.StartsWith(RequestLine))
        {
            return text.Length < RequestLine.Length
                && (RequestLine.StartsWith(text) || OldRequestLine.StartsWith(text))
                ? HeadStatus.Incomplete
                : HeadStatus.Other;
        }
        var at = RequestLine.Length;
        var seen = default(Seen);
        for (var headers = 0; headers <= MaxHeaders; headers++)
        {
            var length = text[at..].IndexOf((byte)'\n');
            if (at + length >= MaxBytes)
                return HeadStatus.Other;
            if (length < 0)
                return text.Length < MaxBytes ? HeadStatus.Incomplete : HeadStatus.Other;
            if (length == 0 || text[at + length - 1] != '\r')
                return HeadStatus.Other;
            var line = text.Slice(at, length - 1);
            at += length + 1;
            if (line.IsEmpty)
            {
                var keeps = isOld && (seen & Seen.Connection) != 0 && !head.Closes;
                head = head with { Length = at, Closes = isOld || head.Closes };
                return (seen & Seen.Required) == Seen.Required && !keeps
                    ? HeadStatus.Whole
                    : HeadStatus.Other;
            }
            if (!TryLine(line, ref seen, ref head))
                return HeadStatus.Other;
        }
        return HeadStatus.Other;
    }

    private static bool TryLine(ReadOnlySpan<byte> line, ref Seen seen, ref RequestHead head)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 0)
            return false;
        var name = line[..colon];
        var value = line[(colon + 1)..].Trim((byte)' ');
        if (value.IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0)
            return false;
        switch (colon)
        {
            case 4 when Is(name, "host"u8):
                return Once(Seen.Host, ref seen) && IsHost(value);
            case 10 when Is(name, "connection"u8):
                head = head with { Closes = Is(value, "close"u8) };
                return Once(Seen.Connection, ref seen)
                    && (head.Closes || Is(value, "keep-alive"u8));
            case 12 when Is(name, "content-type"u8):
                return Once(Seen.ContentType, ref seen) && TryKind(value, ref head);
            case 14 when Is(name, "content-length"u8):
                return Once(Seen.ContentLength, ref seen) && TryLength(value, ref head);
            case 6:
                return Is(name, "accept"u8);
            case 10:
                return Is(name, "user-agent"u8) || Is(name, "tracestate"u8);
            case 11:
                return Is(name, "traceparent"u8);
            case 12:
                return Is(name, "x-request-id"u8);
            case 15:
                return Is(name, "accept-encoding"u8) || Is(name, "accept-language"u8)
                    || Is(name, "x-forwarded-for"u8);
            case 17:
                return Is(name, "x-forwarded-proto"u8);
            default:
                return false;
        }
    }

    private static bool Once(Seen which, ref Seen seen)
    {
        var isFirst = (seen & which) == 0;
        seen |= which;
        return isFirst;
    }

    private static bool IsHost(ReadOnlySpan<byte> value)
    {
        var colon = value.IndexOf((byte)':');
        var port = colon < 0 ? "80"u8 : value[(colon + 1)..];
        var name = colon < 0 ? value : value[..colon];
        return !name.IsEmpty && name.IndexOfAnyExcept(NameBytes) < 0
            && port.Length is > 0 and <= 5
            && port.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    private static readonly System.Buffers.SearchValues<byte> NameBytes =
        System.Buffers.SearchValues.Create(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"u8);

    private static bool TryKind(ReadOnlySpan<byte> value, ref RequestHead head)
    {
        var semicolon = value.IndexOf((byte)';');
        if (semicolon >= 0)
        {
            if (!Is(value[semicolon..], "; charset=utf-8"u8))
                return false;
            value = value[..semicolon];
        }
        if (Is(value, "application/json"u8))
            head = head with { Kind = BodyKind.Json };
        else if (Is(value, "application/x-ndjson"u8))
            head = head with { Kind = BodyKind.Ndjson };
        else
            return false;
        return true;
    }

    private static bool TryLength(ReadOnlySpan<byte> value, ref RequestHead head)
    {
        if (value.Length is 0 or > MaxContentLengthDigits || value[0] == '0')
            return false;
        var length = 0;
        foreach (var digit in value)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            length = 10 * length + (digit - '0');
        }
        head = head with { ContentLength = length };
        return true;
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) =>
        System.Text.Ascii.EqualsIgnoreCase(text, lower);
}
