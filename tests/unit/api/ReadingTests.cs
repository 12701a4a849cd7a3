using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Api;

/// <summary>Shapes and numbers of the answers, compared as text to the last digit.</summary>
public sealed class ReadingTests
{
    [Fact]
    public async Task Summary_OfStore_HasRoundedPlainNumbers()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Summary = new StoreSummary(
            "e", 12, 3, 2, 1, 0.00012345, 1234567.89, FakeStore.Now);
        Assert.Equal(
            """{"aggregated":12,"rejected":3,"pairs":2,"countries":1,"lagSeconds":0,"tradesPerSecond":1234567.9,"since":"2026-03-04T12:30:45.5Z"}""",
            await server.GetAsync("/api/summary"));
    }

    [Fact]
    public async Task Summary_OfEmptyStore_HasNoSince()
    {
        await using var server = await ApiServer.StartAsync();
        Assert.EndsWith("\"since\":null}", await server.GetAsync("/api/summary"));
    }

    [Fact]
    public async Task Aggregates_GroupedByBoth_HasExactSums()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Add(
            "2026-03-04T12:30:01.25Z", "EUR/GBP", "FR", "9999999999.99999999", "0.00000001", "0.1");
        server.Store.Add(
            "2026-03-04T12:30:02Z", "EUR/GBP", "FR", "0.00000002", "10000000000",
            "0.000000000000000001");
        server.Store.Add("2026-03-04T12:29:59Z", "EUR/GBP", "DE", "3", "1", "0.333333333333333333");
        Assert.Equal(
            """
            {"interval":"1m","from":"2026-03-03T12:30:00Z","to":"2026-03-04T12:31:00Z","series":[
            {"pair":"EUR/GBP","country":"DE","points":[
            {"start":"2026-03-04T12:29:00Z","count":1,"amountSell":3,"amountBuy":1,"vwap":0.333333333333,"open":0.333333333333333333,"high":0.333333333333333333,"low":0.333333333333333333,"close":0.333333333333333333}]},
            {"pair":"EUR/GBP","country":"FR","points":[
            {"start":"2026-03-04T12:30:00Z","count":2,"amountSell":10000000000.00000001,"amountBuy":10000000000.00000001,"vwap":1,"open":0.1,"high":0.1,"low":0.000000000000000001,"close":0.000000000000000001}]}]}
            """.ReplaceLineEndings(""),
            await server.GetAsync("/api/aggregates?interval=1m&groupBy=pair,country"));
    }

    [Theory]
    [InlineData("groupBy=none", """{"points":[""", 1)]
    [InlineData("", """{"points":[""", 1)]
    [InlineData("groupBy=pair", """{"pair":"EUR/GBP","points":[""", 2)]
    [InlineData("groupBy=country", """{"country":"FR","points":[""", 2)]
    [InlineData("pair=EUR/GBP", """{"points":[""", 1)]
    [InlineData("pair=EUR%2FGBP&groupBy=pair", """{"pair":"EUR/GBP","points":[""", 1)]
    [InlineData("country=DE&groupBy=country", """{"country":"DE","points":[""", 1)]
    [InlineData("pair=&country=&groupBy=&from=&to=", """{"points":[""", 1)]
    public async Task Aggregates_Groups_HaveTheirMembersOnly(string query, string series, int count)
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Add("2026-03-04T12:30:01Z", "EUR/GBP", "FR", "1", "2", "2");
        server.Store.Add("2026-03-04T12:30:01Z", "USD/GBP", "DE", "1", "2", "2");
        server.Store.Add("2026-03-04T12:30:01Z", "EUR/GBP", "DE", "1", "2", "2");
        var text = await server.GetAsync("/api/aggregates?interval=1s&" + query);
        Assert.Contains(series, text);
        Assert.Equal(count, text.Split("\"points\":").Length - 1);
    }

    [Theory]
    [InlineData("1s", "2026-03-04T12:15:45Z", "2026-03-04T12:30:46Z")]
    [InlineData("1m", "2026-03-03T12:30:00Z", "2026-03-04T12:31:00Z")]
    [InlineData("1h", "2026-02-02T12:00:00Z", "2026-03-04T13:00:00Z")]
    [InlineData("1d", "2025-03-04T00:00:00Z", "2026-03-05T00:00:00Z")]
    public async Task Aggregates_WithoutTimes_CoverTheDefaultSpan(
        string interval, string from, string to)
    {
        await using var server = await ApiServer.StartAsync();
        Assert.Equal(
            $$"""{"interval":"{{interval}}","from":"{{from}}","to":"{{to}}","series":[]}""",
            await server.GetAsync("/api/aggregates?interval=" + interval));
    }

    [Theory]
    [InlineData("2026-03-04T10:00:00Z", "2026-03-04T11:00:00Z", "10:00:00Z", "11:00:00Z")]
    [InlineData("2026-03-04T10:00:59.999Z", "2026-03-04T10:59:00.001Z", "10:00:00Z", "11:00:00Z")]
    [InlineData("2026-03-04T12:00:00%2B02:00", "2026-03-04T11:00", "10:00:00Z", "11:00:00Z")]
    [InlineData("2026-03-04T12:00:00+02:00", "2026-03-04T11:00:00", "10:00:00Z", "11:00:00Z")]
    [InlineData("2026-03-04", "2026-03-04T00:30:00Z", "00:00:00Z", "00:30:00Z")]
    public async Task Aggregates_Times_AreMovedOutwardsToTheInterval(
        string from, string to, string first, string last)
    {
        await using var server = await ApiServer.StartAsync();
        Assert.StartsWith(
            $$"""{"interval":"1m","from":"2026-03-04T{{first}}","to":"2026-03-04T{{last}}",""",
            await server.GetAsync($"/api/aggregates?interval=1m&from={from}&to={to}"));
    }

    [Fact]
    public async Task Pairs_ByCount_HaveChangeAndVwap()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Add("2026-03-04T12:20:00Z", "EUR/GBP", "FR", "1000", "747.10", "0.7471");
        server.Store.Add("2026-03-04T12:30:45Z", "EUR/GBP", "DE", "500", "370", "0.74");
        server.Store.Add("2026-03-04T12:30:00Z", "USD/JPY", "US", "7", "1000", "142.857142857143");
        server.Store.Add("2026-03-04T12:30:00Z", "CHF/JPY", "US", "7", "1000", "142.857142857143");
        server.Store.Add("2026-03-04T12:15:45Z", "AUD/NZD", "AU", "1", "1", "1");
        Assert.Equal(
            """
            [{"pair":"EUR/GBP","count":2,"amountSell":1500,"amountBuy":1117.1,"vwap":0.744733333333,"change":-0.009503},
            {"pair":"CHF/JPY","count":1,"amountSell":7,"amountBuy":1000,"vwap":142.857142857,"change":0},
            {"pair":"USD/JPY","count":1,"amountSell":7,"amountBuy":1000,"vwap":142.857142857,"change":0}]
            """.ReplaceLineEndings(""),
            await server.GetAsync("/api/pairs"));
        Assert.Contains("\"DE\",\"count\":1", await server.GetAsync("/api/countries?window=1s"));
    }

    [Fact]
    public async Task Countries_OverWindow_MergeAllTheirPairs()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Add("2026-03-04T11:40:00Z", "EUR/GBP", "FR", "1", "2", "2");
        server.Store.Add("2026-03-04T12:10:00Z", "USD/GBP", "FR", "1", "2", "3");
        server.Store.Add("2026-03-03T12:10:00Z", "USD/GBP", "DE", "1", "2", "3");
        Assert.Equal(
            """[{"country":"FR","count":2,"amountSell":2,"amountBuy":4,"vwap":2,"change":0.5}]""",
            await server.GetAsync("/api/countries?window=1h"));
    }

    [Fact]
    public async Task Trades_Newest_AreFilteredAndLimited()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Add(
            "2026-03-04T12:00:00.1234567Z", "EUR/GBP", "FR", "1000", "747.10", "0.747100000000000001",
            "élan \"7\"");
        server.Store.Add("2026-03-04T12:00:01Z", "EUR/GBP", "DE", "1", "2", "2");
        server.Store.Add("2026-03-04T12:00:02Z", "USD/GBP", "DE", "1", "2", "2");
        Assert.Equal(
            """[{"receivedAt":"2026-03-04T12:00:00.1234567Z","timePlaced":"2015-01-24T10:27:44Z","userId":"élan \"7\"","currencyFrom":"EUR","currencyTo":"GBP","amountSell":1000,"amountBuy":747.1,"rate":0.747100000000000001,"originatingCountry":"FR"}]""",
            await server.GetAsync("/api/trades?userId=%C3%A9lan%20%227%22"));
        Assert.Equal(2, Count(await server.GetAsync("/api/trades?pair=EUR/GBP")));
        Assert.Equal(2, Count(await server.GetAsync("/api/trades?country=DE")));
        var newest = await server.GetAsync("/api/trades?limit=1");
        Assert.StartsWith("[{\"receivedAt\":\"2026-03-04T12:00:02Z\"", newest);
        Assert.Equal(1, Count(newest));
        Assert.Equal("[]", await server.GetAsync("/api/trades?pair=other"));

        static int Count(string text) => text.Split("\"receivedAt\"").Length - 1;
    }

    [Fact]
    public async Task Rejects_Recent_GroupErrorsByField()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Rejects = new RejectReport(
            7,
            new Dictionary<string, long> { ["unknown_currency"] = 4, ["required"] = 3 },
            [
                new Reject(
                    FakeStore.Now,
                    [new("rate", "required"), new("rate", "wrong_type"), new("userId", "too_long")],
                    """{"a":"<b>"}"""),
                new Reject(FakeStore.Now, [], ""),
            ]);
        Assert.Equal(
            """{"total":7,"byCode":{"required":3,"unknown_currency":4},"recent":[{"at":"2026-03-04T12:30:45.5Z","errors":{"rate":["required","wrong_type"],"userId":["too_long"]},"body":"{\"a\":\"<b>\"}"}]}""",
            await server.GetAsync("/api/rejects?limit=1"));
    }

    [Fact]
    public async Task Dead_Recent_HasWhatIsKnownOfAFrame()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Dead = new DeadReport(
            9,
            400,
            [
                new DeadLetter("3-1027", 3, FakeStore.Now, FakeStore.Now, 200, 9_000, 5, "a \"b\""),
                new DeadLetter("0-1", 0, FakeStore.Now, null, 0, 13, 5, "c"),
                new DeadLetter("0-0", 0, FakeStore.Now, null, 0, 13, 5, "d"),
            ]);
        Assert.Equal(
            """{"total":9,"trades":400,"recent":[{"id":"3-1027","shard":3,"diedAt":"2026-03-04T12:30:45.5Z","receivedAt":"2026-03-04T12:30:45.5Z","trades":200,"bytes":9000,"attempts":5,"reason":"a \"b\""},{"id":"0-1","shard":0,"diedAt":"2026-03-04T12:30:45.5Z","receivedAt":null,"trades":0,"bytes":13,"attempts":5,"reason":"c"}]}""",
            await server.GetAsync("/api/dead?limit=2"));
    }

    [Fact]
    public async Task Answers_OfTheApi_AreNotToBeKept()
    {
        await using var server = await ApiServer.StartAsync();
        foreach (var path in new[]
        {
            "/api/summary", "/api/aggregates?interval=1d", "/api/pairs", "/api/countries",
            "/api/trades", "/api/rejects", "/api/dead", "/openapi/v1.json", "/info", "/metrics",
            "/health/live", "/health/ready",
        })
        {
            using var answer = await server.SendAsync(path);
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.True(answer.Headers.CacheControl?.NoStore, path);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    [Fact]
    public async Task Aggregates_ManyPoints_AreStreamedWhole()
    {
        await using var server = await ApiServer.StartAsync();
        for (var i = 0; i < 5_000; i++)
        {
            var at = FakeStore.Now.AddSeconds(-i - 1).ToString("O");
            server.Store.Add(at, "EUR/GBP", "FR", "1", "2", "2");
        }
        var text = await server.GetAsync(
            "/api/aggregates?interval=1s&groupBy=pair&from=2026-03-04T00:00:00Z");
        var points = System.Text.Json.JsonDocument.Parse(text).RootElement
            .GetProperty("series")[0].GetProperty("points");
        Assert.Equal(5_000, points.GetArrayLength());
        Assert.Equal(5_000, points.EnumerateArray().Select(
            point => point.GetProperty("start").GetDateTime()).Distinct().Count());
    }
}
