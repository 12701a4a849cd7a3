using System.Globalization;
using System.Text;

namespace TradeProcessor.Tests.Integration;

/// <summary>What clients, broken ones and attackers send; each trade has its own user.</summary>
internal sealed class LaneStreams(int seed, string user)
{
    private static readonly string[] OddLines =
    [
        "Content-Length: 5", "Content-Length: 0", "content-length: 186, 186", "Content-Length: +5",
        "Content-Length : 5", "Content-Length:\t5", "Transfer-Encoding: chunked",
        "Transfer-Encoding : chunked", "Transfer-Encoding: identity", "Transfer-Encoding: xchunked",
        "Transfer-Encoding:\u000bchunked", "Transfer-Encoding: chunked, identity",
        "X: y\nTransfer-Encoding: chunked", "X: y\rTransfer-Encoding: chunked",
        " Transfer-Encoding: chunked", "\tfolded", "Connection: close", "Connection: keep-alive",
        "Connection: Content-Length", "Connection: upgrade\r\nUpgrade: h2c", "Expect: 100-continue",
        "Host: y", "Host: ", "Host: [::1]", "Content-Type: text/plain", "Content-Encoding: gzip",
        "Content-Encoding: identity", "Accept: text/plain", "Accept:", "User-Agent: \u00e4",
        "User-Agent: a\0b", "X-Unknown: x", "Idempotency-Key: ", "Idempotency-Key: a b",
        "Trailer: X", "TE: trailers", ": x", "x", "Cookie: a=b", "X-Forwarded-For: 10.0.0.1",
    ];

    private static readonly string[] Types =
    [
        "application/json", "application/json; charset=utf-8", "application/x-ndjson",
        "application/json;charset=utf-8", "application/json; charset=latin1", "text/plain", "",
        "APPLICATION/JSON", "application/x-ndjson; charset=UTF-8", "application/xml",
    ];

    private static readonly string[] Targets =
        ["/Trades", "//trades", "/trades?a=b", "/trades/", "http://x/trades", "/%74rades", "*"];

    private readonly Random _random = new(seed);
    private int _next;

    public string Trade() => TradeClient.Trade($"{user}-{_next++}", _random);

    public string Invalid() =>
        Trade().Replace("currencyTo\":\"", "currencyTo\":\"X", StringComparison.Ordinal);

    public static string Post(string body, string type = "application/json", string lines = "") =>
        $"POST /trades HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\n{lines}"
        + $"Content-Length: {body.Length}\r\n\r\n{body}";

    public static string Chunked(string body, string lines = "") =>
        "POST /trades HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + $"{lines}Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n";

    /// <summary>A few requests, in one piece or more.</summary>
    public byte[][] Next()
    {
        var text = new StringBuilder();
        for (var left = _random.Next(1, 6); left > 0; left--)
            _ = text.Append(Request());
        var bytes = Encoding.Latin1.GetBytes(text.ToString());
        // Of a fault in the chunks and one in what they hold, Kestrel tells now one, now the other.
        var isMutated = _random.Next(4) == 0
            && bytes.AsSpan().IndexOf("Transfer-Encoding: chunked"u8) < 0;
        return Cut(isMutated ? Mutated(bytes) : bytes);
    }

    private string Request() => _random.Next(12) switch
    {
        0 => "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n",
        1 => Chunked(Body()),
        2 => Post(Body(), Types[_random.Next(Types.Length)]),
        3 => Post(Body(), lines: OddLines[_random.Next(OddLines.Length)] + "\r\n"),
        4 => Post(Body(), lines: $"Idempotency-Key: {user}-{_random.Next(3)}\r\n"),
        5 => Post(Body()).Replace(
            "/trades", Targets[_random.Next(Targets.Length)], StringComparison.Ordinal),
        6 => Post(Body()).Replace("HTTP/1.1", _random.Next(2) == 0 ? "HTTP/1.0" : "HTTP/1.2",
            StringComparison.Ordinal),
        7 => Post(Body()).Replace("POST", new[] { "PUT", "post", "OPTIONS", "" }[_random.Next(4)],
            StringComparison.Ordinal),
        _ => Post(Body(), _random.Next(3) == 0 ? "application/x-ndjson" : "application/json"),
    };

    private string Body() => _random.Next(12) switch
    {
        0 => Invalid(),
        1 => Trade()[.._random.Next(1, 100)],
        2 => $"[{Trade()},{Invalid()},{Trade()}]",
        3 => $"{Trade()}\n{Invalid()}\r\n\n{Trade()}",
        4 => new[] { "", "[]", "{}", "[{},5]", "5", "null", "[", " ", "\n" }[_random.Next(9)],
        5 => "\u00ef\u00bb\u00bf" + Trade(),
        6 => Encoding.Latin1.GetString(Mutated(Encoding.Latin1.GetBytes(Trade()))),
        7 => Post(Trade()), // a request in a body
        // As lines they would be a trade that is malformed and too large: what shows first depends
        // on how the bytes arrive.
        8 => $"[{string.Join(',', Enumerable.Range(0, _random.Next(200)).Select(_ => Trade()))}]",
        _ => Trade(),
    };

    private byte[] Mutated(byte[] bytes)
    {
        var list = bytes.ToList();
        for (var left = _random.Next(1, 4); left > 0 && list.Count > 0; left--)
        {
            var at = _random.Next(list.Count);
            switch (_random.Next(3))
            {
                case 0:
                    list[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    list.RemoveAt(at);
                    break;
                default:
                    list.Insert(at, "\r\n\0 :{}"u8[_random.Next(7)]);
                    break;
            }
        }
        return [.. list];
    }

    private byte[][] Cut(byte[] bytes)
    {
        var pieces = new List<byte[]>();
        var longest = _random.Next(3) == 0 ? bytes.Length : _random.Next(20, 2000);
        for (var at = 0; at < bytes.Length; at += pieces[^1].Length)
            pieces.Add(bytes[at..Math.Min(bytes.Length, at + _random.Next(1, longest + 1))]);
        return [.. pieces];
    }

    /// <summary>A request of each kind of body, good and bad; each ends with its body.</summary>
    public IEnumerable<(string Name, string Text)> Bodies()
    {
        const string Ndjson = "application/x-ndjson";
        var many = Enumerable.Range(0, 40).Select(_ => Trade()).ToList();
        yield return ("trade", Post(Trade()));
        yield return ("invalid trade", Post(Invalid()));
        yield return ("malformed trade", Post("{\"userId\": x" + Trade()));
        yield return ("array", Post($"[{Trade()},{Invalid()},{string.Join(',', many)}]"));
        yield return ("malformed array", Post($"[{Trade()},5x,{Trade()}]"));
        yield return ("lines", Post($"{string.Join('\n', many)}\n{Invalid()}\n", Ndjson));
        yield return ("malformed lines", Post($"{Trade()}\n{{\n\n{Trade()}\n", Ndjson));
        yield return ("trade that closes", Post(Trade(), lines: "Connection: close\r\n"));
        yield return ("trade in a chunk", Chunked(Trade()));
        yield return ("trade with a key", Post(Trade(), lines: $"Idempotency-Key: {user}-{_next}\r\n"));
    }

    /// <summary>The text in five pieces or so, cut anywhere in its last body alone.</summary>
    /// <param name="next">Comes with the last piece.</param>
    public byte[][] InBody(string text, string next = "")
    {
        var body = text.LastIndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        if (body >= text.Length) // of chunks
            body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        var cuts = Enumerable.Range(0, 4)
            .Select(_ => _random.Next(body, text.Length))
            .Append(body)
            .Distinct()
            .Order()
            .ToList();
        var starts = cuts.Prepend(0);
        var ends = cuts.Append(text.Length);
        return [.. starts.Zip(ends, (start, end) => Encoding.Latin1.GetBytes(
            text[start..end] + (end == text.Length ? next : "")))];
    }

    /// <summary>
    /// HTTP/2 that begins a connection. Behind a request of the lane it does so for Kestrel too,
    /// which ends it with GOAWAY then and without the lane with 505: the one answer that differs.
    /// </summary>
    public const string Http2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0";

    /// <summary>Requests whose two readers would disagree where they end, each before a good one.
    /// </summary>
    public IEnumerable<(string Name, string Text)> Smuggled()
    {
        foreach (var line in OddLines)
        {
            yield return ($"with '{line}'", Post(Trade(), lines: line + "\r\n"));
            yield return ($"'{line}' first", Post(Trade()).Replace(
                "Host: x\r\n", $"{line}\r\nHost: x\r\n", StringComparison.Ordinal));
            yield return ($"chunked with '{line}'", Chunked(Trade(), line + "\r\n"));
        }
        var inner = Post(Trade());
        var length = inner.Length.ToString(CultureInfo.InvariantCulture);
        yield return ("CL.TE", Post("0\r\n\r\n" + inner, lines: "Transfer-Encoding: chunked\r\n"));
        yield return ("TE.CL", Chunked(inner, $"Content-Length: 4\r\n"));
        yield return ("CL.CL", Post(inner, lines: "Content-Length: 6\r\n"));
        yield return ("CL=CL", Post(inner, lines: $"Content-Length: {length}\r\n"));
        yield return ("body of the next", Post(Trade())[..^20]);
        yield return ("body beyond its length", Post(Trade()) + "xx");
        yield return ("line ends", Post(Trade()).Replace("\r\n", "\n", StringComparison.Ordinal));
        yield return (
            "one line end", Post(Trade()).Replace("x\r\n", "x\n", StringComparison.Ordinal));
        yield return ("empty lines before", "\r\n\r\n" + Post(Trade()));
        foreach (var headers in new[] { 60, 61, 62, 97, 98, 120 })
        {
            var lines = string.Concat(Enumerable.Repeat("Accept:\r\n", headers));
            yield return ($"{headers} headers more", Post(Trade(), lines: lines));
        }
        foreach (var bytes in new[] { 1900, 2100, 40_000 })
        {
            var line = $"User-Agent: {new string('a', bytes)}\r\n";
            yield return ($"header of {bytes}", Post(Trade(), lines: line));
        }
        yield return ("TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003");
        yield return (
            "length of 20 digits",
            Post(Trade(), lines: "Content-Length: 18446744073709551621\r\n"));
    }
}
