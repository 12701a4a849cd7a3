using TradeProcessor.Tests.Unit.Parsing;

namespace TradeProcessor.Tests.Unit.Api;

/// <summary>Whatever the query, the answer is 200, 400 or 406; never a fault.</summary>
public sealed class QueryFuzzTests
{
    private static readonly string[] Paths =
        ["aggregates", "pairs", "countries", "trades", "rejects", "summary"];

    private static readonly string[] Names =
        ["interval", "from", "to", "pair", "country", "groupBy", "window", "limit", "userId", "x"];

    private static readonly string[] Values =
    [
        "1s", "1m", "1h", "1d", "", "0", "1", "1000", "99999999999999999999", "-1", "15m", "366d",
        "EUR/GBP", "/", "EUR/", "other", "FR", "ZZ", "none", "pair", "country", "pair,country",
        "2026-03-04", "2026-03-04T12:00:00Z", "2026-03-04T12:00:00+23:59", "0001-01-01",
        "0001-01-01T00:00:00+14:00", "9999-12-30", "9999-12-31T23:59:59.9999999-14:00",
        "2026-03-04T12:30:45.5000001Z", "%00", "%ff%fe", "%F0%9F%98%80", "%ED%A0%80", "é", "\u2028",
    ];

    [Fact]
    public async Task AnyQuery_OnAnyResource_IsNeverAFault()
    {
        var random = new Random(FuzzSettings.Seed);
        await using var server = await ApiServer.StartAsync();
        server.Store.Add("2026-03-04T12:30:01Z", "EUR/GBP", "FR", "3", "1.5", "0.5", "😀");
        for (var i = 0; i < Math.Min(FuzzSettings.Count, 3_000); i++)
        {
            var path = Path(random);
            using var answer = await server.SendAsync(
                path, random.Next(3) == 0 ? "text/csv" : null);
            Assert.True(
                (int)answer.StatusCode is 200 or 400 or 406,
                $"seed {FuzzSettings.Seed}, case {i}: {(int)answer.StatusCode} for {path}");
        }
    }

    private static string Path(Random random)
    {
        var parts = Enumerable.Range(0, random.Next(6)).Select(_ =>
            $"{Names[random.Next(Names.Length)]}={Value(random)}");
        var interval = random.Next(2) == 0 ? "interval=1m&" : "";
        return $"/api/{Paths[random.Next(Paths.Length)]}?{interval}{string.Join('&', parts)}";
    }

    private static string Value(Random random)
    {
        var value = Values[random.Next(Values.Length)];
        if (random.Next(4) != 0 || value.Length == 0)
            return value;
        var at = random.Next(value.Length);
        return value[..at] + (char)random.Next('!', '~') + value[(at + 1)..];
    }
}
