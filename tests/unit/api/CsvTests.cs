using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Api;

public sealed class CsvTests
{
    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("text/csv", "text/csv")]
    [InlineData("TEXT/CSV;charset=utf-8", "text/csv")]
    [InlineData("text/*", "text/csv")]
    [InlineData("text/csv, application/json", "application/json")]
    [InlineData("text/csv, application/json;q=0.9", "text/csv")]
    [InlineData("text/csv;q=0.5, */*;q=0.4", "text/csv")]
    [InlineData("text/csv;q=0.4, */*;q=0.5", "application/json")]
    [InlineData("application/json;q=0, */*", "text/csv")]
    [InlineData("application/json;q=0.1, */*;q=0.9", "text/csv")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json")]
    [InlineData("nonsense", "application/json")]
    public async Task Accept_OnLists_Decides(string? accept, string mediaType)
    {
        await using var server = await ApiServer.StartAsync();
        foreach (var path in new[]
        {
            "/api/aggregates?interval=1s", "/api/pairs", "/api/countries", "/api/trades",
            "/api/rejects", "/api/dead",
        })
        {
            using var answer = await server.SendAsync(path, accept);
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.Equal(mediaType, answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains("Accept", answer.Headers.Vary);
        }
    }

    [Theory]
    [InlineData("/api/trades", "image/png")]
    [InlineData("/api/trades", "application/xml, text/html;q=0.5")]
    [InlineData("/api/trades", "*/*;q=0")]
    [InlineData("/api/trades", "text/csv;q=0, application/json;q=0, text/*")]
    [InlineData("/api/aggregates?interval=1s", "image/*")]
    [InlineData("/api/summary", "text/csv")]
    public async Task Accept_NothingThatThereIs_Is406(string path, string accept)
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.SendAsync(path, accept);
        await ProblemAssert.IsProblemAsync(answer, 406, "not-acceptable");
    }

    [Fact]
    public async Task Aggregates_AsCsv_HaveARowAPoint()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Add("2026-03-04T12:30:01Z", "EUR/GBP", "FR", "3", "1.50000001", "0.5");
        server.Store.Add("2026-03-04T12:30:02Z", "EUR/GBP", "DE", "1", "2", "2");
        Assert.Equal(
            [
                "pair,country,start,count,amountSell,amountBuy,vwap,open,high,low,close",
                "EUR/GBP,DE,2026-03-04T12:30:02Z,1,1,2,2,2,2,2,2",
                "EUR/GBP,FR,2026-03-04T12:30:01Z,1,3,1.50000001,0.500000003333,0.5,0.5,0.5,0.5",
                "",
            ],
            await RowsAsync(server, "/api/aggregates?interval=1s&groupBy=pair,country"));
        Assert.Equal(
            "start,count,amountSell,amountBuy,vwap,open,high,low,close",
            (await RowsAsync(server, "/api/aggregates?interval=1s"))[0]);
    }

    [Fact]
    public async Task Rankings_AsCsv_NameTheirDimension()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Add("2026-03-04T12:30:01Z", "EUR/GBP", "FR", "2", "1", "0.5");
        server.Store.Add("2026-03-04T12:30:02Z", "EUR/GBP", "FR", "2", "1", "0.25");
        Assert.Equal(
            ["pair,count,amountSell,amountBuy,vwap,change", "EUR/GBP,2,4,2,0.5,-0.5", ""],
            await RowsAsync(server, "/api/pairs"));
        Assert.Equal(
            ["country,count,amountSell,amountBuy,vwap,change", "FR,2,4,2,0.5,-0.5", ""],
            await RowsAsync(server, "/api/countries"));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("=a,b", "\"'=a,b\"")]
    [InlineData("a=b", "a=b")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("élan", "élan")]
    public async Task Trades_AsCsv_GuardTheUserId(string userId, string cell)
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Add("2026-03-04T12:30:01Z", "EUR/GBP", "FR", "2", "1", "0.5", userId);
        Assert.Equal(
            [
                "receivedAt,timePlaced,userId,currencyFrom,currencyTo,amountSell,amountBuy,rate,originatingCountry",
                $"2026-03-04T12:30:01Z,2015-01-24T10:27:44Z,{cell},EUR,GBP,2,1,0.5,FR",
                "",
            ],
            await RowsAsync(server, "/api/trades"));
    }

    [Fact]
    public async Task Rejects_AsCsv_AreTheNewest()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Rejects = new RejectReport(
            1,
            new Dictionary<string, long> { ["required"] = 1 },
            [new Reject(
                FakeStore.Now, [new("rate", "required"), new("userId", "too_long")], "\t{\"a\":1}")]);
        Assert.Equal(
            [
                "at,errors,body",
                "2026-03-04T12:30:45.5Z,rate:required userId:too_long,\"'\t{\"\"a\"\":1}\"",
                "",
            ],
            await RowsAsync(server, "/api/rejects"));
    }

    [Fact]
    public async Task Dead_AsCsv_AreTheNewest()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Dead = new DeadReport(
            1, 0, [new DeadLetter("0-1", 0, FakeStore.Now, null, 0, 13, 5, "=a,b")]);
        Assert.Equal(
            [
                "id,shard,diedAt,receivedAt,trades,bytes,attempts,reason",
                "0-1,0,2026-03-04T12:30:45.5Z,,0,13,5,\"'=a,b\"",
                "",
            ],
            await RowsAsync(server, "/api/dead"));
    }

    private static async Task<string[]> RowsAsync(ApiServer server, string path)
    {
        using var answer = await server.SendAsync(path, "text/csv");
        Assert.Equal("utf-8", answer.Content.Headers.ContentType?.CharSet);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return text.Split("\r\n");
    }
}
