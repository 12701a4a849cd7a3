using System.Net.Sockets;
using System.Text;

namespace TradeProcessor.Tests.Integration;

/// <summary>What no HTTP client would send.</summary>
public sealed class RawHttpTests(HostFixture fixture, ITestOutputHelper output)
    : IClassFixture<HostFixture>
{
    private const string Body =
        """{"userId": "134256", "currencyFrom": "EUR", "currencyTo": "GBP", "amountSell": 1000, "amountBuy": 747.10, "rate": 0.7471, "timePlaced": "24-JAN-15 10:27:44", "originatingCountry": "FR"}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="patience">For requests that the host waits to hear more of.</param>
    private async Task<string> SendAsync(byte[] request, TimeSpan patience)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(fixture.Host.Address.Host, fixture.Host.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(request);
        using var answer = new MemoryStream();
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await stream.CopyToAsync(answer, limit.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Reset, as the host closed while bytes of ours were unread; or it waits for more.
        }
        return Encoding.Latin1.GetString(answer.ToArray());
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    [Fact]
    public async Task Post_NoLengthAtAll_Is411()
    {
        var answer = await SendAsync(Bytes(
            "POST /trades HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Connection: close\r\n\r\n"), Patience);
        Assert.StartsWith("HTTP/1.1 411 ", answer, StringComparison.Ordinal);
        Assert.Contains("urn:tradeprocessor:length-required", answer, StringComparison.Ordinal);
    }

    /// <summary>TP_FUZZ for more cases, TP_SEED to repeat a run.</summary>
    [Fact]
    public async Task AnyBytes_NeverGive500AndNeverStopTheHost()
    {
        var seed = Settings.Seed();
        var cases = Settings.Number("TP_FUZZ", 3_000);
        output.WriteLine($"TP_SEED={seed} TP_FUZZ={cases}");
        var statuses = new SortedDictionary<string, int>();
        await Parallel.ForAsync(
            0,
            cases,
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (i, _) =>
            {
                var request = Mutated(new Random(seed + i));
                var answer = await SendAsync(request, TimeSpan.FromMilliseconds(300));
                foreach (var line in answer.Split("\r\n").Where(x => x.StartsWith("HTTP/1.1 ")))
                {
                    var status = line.Substring(9, 3);
                    Assert.True(
                        status is not ("500" or "502" or "503"),
                        $"case {i}: {line}\n{Encoding.Latin1.GetString(request)}");
                    lock (statuses)
                        statuses[status] = statuses.GetValueOrDefault(status) + 1;
                }
            });
        output.WriteLine(string.Join(", ", statuses.Select(pair => $"{pair.Key}: {pair.Value}")));
        Assert.True(statuses.ContainsKey("202") && statuses.ContainsKey("400"));
        var good = await SendAsync(Request(Body, "application/json"), Patience);
        Assert.StartsWith("HTTP/1.1 202 ", good, StringComparison.Ordinal);
        Assert.DoesNotContain("unhandled exception", fixture.Host.Output, StringComparison.Ordinal);
    }

    private static byte[] Request(string body, string type) => Bytes(
        $"POST /trades HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\n"
        + $"Content-Length: {Encoding.Latin1.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");

    private static byte[] Mutated(Random random)
    {
        var body = random.Next(4) switch
        {
            0 => Body,
            1 => $"[{Body},{Body}]",
            2 => $"{Body}\n{Body}\n",
            _ => "[" + new string('[', random.Next(200)) + Body,
        };
        var type = random.Next(3) == 0 ? "application/x-ndjson" : "application/json";
        // Bodies first, so that their length stays right; then, sometimes, the whole request.
        var mutatedBody = random.Next(3) > 0 ? Mutate(Bytes(body), random) : Bytes(body);
        var request = Request(Encoding.Latin1.GetString(mutatedBody), type);
        return random.Next(3) == 0 ? Mutate(request, random) : request;
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var list = bytes.ToList();
        for (var left = random.Next(1, 6); left > 0 && list.Count > 0; left--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(4))
            {
                case 0:
                    list[at] = (byte)random.Next(256);
                    break;
                case 1:
                    list.RemoveAt(at);
                    break;
                case 2:
                    list.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    var from = random.Next(list.Count);
                    list.InsertRange(at, list.GetRange(from, Math.Min(20, list.Count - from)));
                    break;
            }
        }
        return [.. list];
    }
}
