using System.Globalization;
using System.Text;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Lane;
using TradeProcessor.Tests.Unit.Parsing;

namespace TradeProcessor.Tests.Unit.Lane;

/// <summary>What the lane takes, a strict reader of RFC 9112 reads the same.</summary>
public sealed class RequestHeadPropertyTests(ITestOutputHelper output)
{
    // Whose presence must keep a request from the lane, whatever they say.
    private static readonly string[] Meaningful =
    [
        "transfer-encoding", "te", "trailer", "upgrade", "expect", "content-encoding",
        "idempotency-key", "authorization", "cookie", "http2-settings",
    ];

    private static readonly HashSet<string> Common = new(
        [
            "host", "connection", "content-type", "content-length", "accept", "user-agent",
            "accept-encoding", "accept-language", "traceparent", "tracestate", "x-request-id",
            "x-forwarded-for", "x-forwarded-proto",
        ]);

    private static readonly string[] OddLines =
    [
        "Content-Length: 7", "content-length: 186", "Content-Length: 186, 186",
        "Content-Length: +186",
        "Transfer-Encoding: chunked", "Transfer-Encoding : chunked", "transfer-encoding:chunked",
        "Transfer-Encoding:\u000bchunked", " Transfer-Encoding: chunked", "Connection: close",
        "Connection: keep-alive", "Connection: transfer-encoding", "Expect: 100-continue",
        "Host: y", "Host:", "Content-Type: text/plain", "Content-Type: application/x-ndjson",
        "Content-Encoding: gzip", "Idempotency-Key: 1", "X-A: b", "Accept: x", "Accept:", " folded",
        "\tfolded", "", "POST /trades HTTP/1.1", "User-Agent:  a  b  ",
    ];

    private static readonly byte[] OddBytes =
        [.. "\r\n\0\t :;,+-=\"/\u000b\u007f05aA"u8, 0x85, 0xA0, 0xFF];

    [Fact]
    public void Read_GeneratedAndMutatedHeads_WholeMeansWhatAStrictReaderReads()
    {
        var random = new Random(FuzzSettings.Seed);
        var heads = LaneRequests.Clients.Values.ToArray();
        var statuses = new int[3];
        for (var i = 0; i < FuzzSettings.Count; i++)
        {
            var bytes = Mutated(heads[random.Next(heads.Length)], random);
            var status = RequestHead.Read(bytes, out var head);
            statuses[(int)status]++;
            var faults = status switch
            {
                HeadStatus.Whole => Faults(bytes, head),
                HeadStatus.Incomplete when ReferenceHead.Read(bytes) is { Length: <= 2048 } =>
                    "there is an end",
                _ => "",
            };
            Assert.True(
                faults.Length == 0,
                $"{FuzzSettings.Seed}, case {i}: {faults}\n{Encoding.Latin1.GetString(bytes)}");
        }
        output.WriteLine($"TRADE_FUZZ_SEED={FuzzSettings.Seed}: {string.Join(", ", statuses)}");
        Assert.All(statuses, count => Assert.True(count > FuzzSettings.Count / 50));
    }

    [Fact]
    public void Read_HeadInTwoReads_NeverChangesItsMind()
    {
        var random = new Random(FuzzSettings.Seed + 1);
        var heads = LaneRequests.Clients.Values.ToArray();
        for (var i = 0; i < FuzzSettings.Count / 100; i++)
        {
            var bytes = Mutated(heads[random.Next(heads.Length)], random);
            var all = RequestHead.Read(bytes, out var head);
            for (var length = 0; length < bytes.Length; length++)
            {
                var status = RequestHead.Read(bytes.AsSpan(0, length), out var part);
                Assert.True(
                    status == HeadStatus.Incomplete || (status == all && part == head),
                    $"{FuzzSettings.Seed + 1}, case {i}: {status} at {length}, then {all}");
            }
        }
    }

    private static string Faults(byte[] bytes, RequestHead head)
    {
        var faults = new List<string>();
        if (ReferenceHead.Read(bytes) is not { } reference)
            return "not a head";
        Check(reference.Method == "POST", "method");
        Check(reference.Target == "/trades", "target");
        Check(reference.Version is "1.1" or "1.0", "version");
        Check(reference.Length == head.Length && head.Length <= RequestHead.MaxBytes, "length");
        Check(reference.BodyLength == head.ContentLength && head.ContentLength > 0, "body length");
        Check(reference.HasHost, "host");
        Check(Meaningful.All(name => !reference.Fields.Contains(name)), "a header with a meaning");
        Check(reference.Fields.All(field => Common.Contains(field.Key)), "an unknown header");
        Check(reference.Fields.Sum(field => field.Count()) <= 100, "too many headers");
        var connection = reference.Fields["connection"].SingleOrDefault()?.ToLowerInvariant();
        Check(
            connection is null or "close" || (connection == "keep-alive" && reference.Version == "1.1"),
            "connection");
        Check(
            head.Closes == (connection == "close" || reference.Version == "1.0"),
            "what comes behind the answer");
        var type = reference.MediaType;
        Check(
            string.Equals(
                type?.MediaType,
                head.Kind == BodyKind.Json ? "application/json" : "application/x-ndjson",
                StringComparison.OrdinalIgnoreCase),
            "media type");
        Check(
            type is not null && (type.Parameters.Count == 0
                || string.Equals(type.CharSet, "utf-8", StringComparison.OrdinalIgnoreCase)),
            "charset");
        return string.Join(", ", faults);

        void Check(bool holds, string what)
        {
            if (!holds)
                faults.Add(what);
        }
    }

    private static byte[] Mutated(string head, Random random)
    {
        var lines = head[..^4].Split("\r\n").ToList();
        var mutations = random.Next(4);
        for (var i = 0; i < mutations; i++)
            MutateLines(lines, random);
        var text = string.Join("\r\n", lines) + "\r\n\r\n";
        var bytes = Encoding.Latin1.GetBytes(text + (random.Next(2) == 0 ? "" : LaneRequests.Good))
            .ToList();
        if (random.Next(3) == 0)
            MutateBytes(bytes, text.Length, random);
        return random.Next(10) == 0 ? [.. bytes.Take(random.Next(bytes.Count))] : [.. bytes];
    }

    private static void MutateLines(List<string> lines, Random random)
    {
        var at = random.Next(1, lines.Count + 1);
        var from = random.Next(lines.Count);
        switch (random.Next(6))
        {
            case 0:
                lines.Insert(at, OddLines[random.Next(OddLines.Length)]);
                break;
            case 1:
                lines.Insert(at, lines[from]);
                break;
            case 2 when from > 0:
                lines.RemoveAt(from);
                break;
            case 3 when from > 0:
                var line = lines[from];
                lines.RemoveAt(from);
                lines.Insert(random.Next(1, lines.Count + 1), line);
                break;
            case 4 when from > 0:
                lines[from] = random.Next(2) == 0
                    ? lines[from].ToLowerInvariant()
                    : lines[from].Replace(": ", ":", StringComparison.Ordinal);
                break;
            default:
                var length = random.Next(1, 1 << 20).ToString(CultureInfo.InvariantCulture);
                for (var i = 0; i < lines.Count; i++)
                    lines[i] = lines[i].Replace("186", length, StringComparison.Ordinal);
                break;
        }
    }

    private static void MutateBytes(List<byte> bytes, int headLength, Random random)
    {
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            var at = random.Next(headLength - 4);
            var value = random.Next(4) == 0
                ? (byte)random.Next(256)
                : OddBytes[random.Next(OddBytes.Length)];
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = value;
                    break;
                case 1:
                    bytes.Insert(at, value);
                    break;
                default:
                    bytes.RemoveAt(at);
                    break;
            }
        }
    }
}
