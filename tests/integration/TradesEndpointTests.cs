using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace TradeProcessor.Tests.Integration;

/// <summary>Every row of the contract's answers to POST /trades, over real HTTP.</summary>
public sealed class TradesEndpointTests(HostFixture fixture) : IClassFixture<HostFixture>
{
    private const string Sample =
        """{"userId": "134256", "currencyFrom": "EUR", "currencyTo": "GBP", "amountSell": 1000, "amountBuy": 747.10, "rate": 0.7471, "timePlaced": "24-JAN-15 10:27:44", "originatingCountry": "FR"}""";

    private static readonly Uri Trades = new("/trades", UriKind.Relative);

    private HttpClient Client => fixture.Host.Client;

    private Task<HttpResponseMessage> PostAsync(
        string body, string? type = "application/json", bool chunked = false)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        var request = new HttpRequestMessage(HttpMethod.Post, Trades) { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task<JsonElement> ProblemAsync(
        HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await JsonAsync(answer);
        Assert.Equal($"urn:tradeprocessor:{type}", problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        return problem;
    }

    private async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(
        await Client.GetStringAsync(
            new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken)).RootElement;

    [Theory]
    [InlineData("application/json", false)]
    [InlineData("application/json", true)]
    [InlineData("application/json; charset=utf-8", false)]
    [InlineData("Application/JSON;charset=\"UTF-8\"", false)]
    [InlineData("application/x-ndjson", false)]
    public async Task Post_OneTrade_Is202AndReadBack(string type, bool chunked)
    {
        using var answer = await PostAsync(Sample, type, chunked);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            type.Contains("ndjson") ? """{"accepted":1,"rejected":0,"errors":[]}""" : "", text);
    }

    [Fact]
    public async Task Post_Trade_AppearsInTradesWithExactNumbers()
    {
        var user = $"exact-{Guid.NewGuid():N}";
        var body = Sample.Replace("134256", user).Replace("1000", "1234567890.12345678");
        using var answer = await PostAsync(body);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        JsonElement trades;
        do
        {
            trades = await GetAsync($"/api/trades?userId={user}");
        }
        while (trades.GetArrayLength() == 0);
        var trade = Assert.Single(trades.EnumerateArray());
        Assert.Equal("1234567890.12345678", trade.GetProperty("amountSell").GetRawText());
        Assert.Equal("747.1", trade.GetProperty("amountBuy").GetRawText());
        Assert.Equal("2015-01-24T10:27:44Z", trade.GetProperty("timePlaced").GetString());
    }

    [Theory]
    [InlineData("application/json", "[", ",", "]")]
    [InlineData("application/x-ndjson", "", "\n", "\n")]
    public async Task Post_MixedBatch_Is202WithTheErrorsByIndex(
        string type, string open, string between, string close)
    {
        var bad = Sample.Replace("GBP", "XXQ");
        var body = open + string.Join(between, Sample, bad, Sample, "{}") + close;
        using var answer = await PostAsync(body, type);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var result = await JsonAsync(answer);
        Assert.Equal(2, result.GetProperty("accepted").GetInt32());
        Assert.Equal(2, result.GetProperty("rejected").GetInt32());
        var errors = result.GetProperty("errors").EnumerateArray()
            .Select(error => $"{error.GetProperty("index")} {error.GetProperty("field")} "
                + $"{error.GetProperty("code")}")
            .ToList();
        Assert.Equal("1 currencyTo unknown_currency", errors[0]);
        Assert.Equal(9, errors.Count);
        Assert.Contains("3 userId required", errors);
    }

    [Fact]
    public async Task Post_BatchWithoutAGoodTrade_Is400WithTheBatchAsMembers()
    {
        using var answer = await PostAsync("[{}, 5]");
        var problem = await ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-trade");
        Assert.Equal(0, problem.GetProperty("accepted").GetInt32());
        Assert.Equal(2, problem.GetProperty("rejected").GetInt32());
        Assert.Equal(9, problem.GetProperty("errors").GetArrayLength());
    }

    [Fact]
    public async Task Post_InvalidTrade_Is400WithAReasonPerFieldAndIsCounted()
    {
        var before = await GetAsync("/api/rejects");
        var mark = Guid.NewGuid().ToString("N");
        var body = Sample
            .Replace("\"134256\"", $"\"{mark} with spaces\"")
            .Replace("GBP", "EUR")
            .Replace("1000", "-1")
            .Replace("0.7471", "\"0.7\"")
            .Replace("24-JAN-15", "31-FEB-15")
            .Replace("\"FR\"", "null");
        using var answer = await PostAsync(body);
        var problem = await ProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-trade");
        Assert.Equal(
            """{"userId":["bad_characters"],"currencyTo":["same_currency"],"amountSell":["must_be_positive"],"rate":["wrong_type"],"timePlaced":["bad_time"],"originatingCountry":["required"]}""",
            problem.GetProperty("errors").GetRawText());

        var after = await GetAsync("/api/rejects");
        Assert.Equal(before.GetProperty("total").GetInt64() + 1, after.GetProperty("total").GetInt64());
        var newest = after.GetProperty("recent")[0];
        Assert.Contains(mark, newest.GetProperty("body").GetString());
        Assert.Equal("bad_time", newest.GetProperty("errors").GetProperty("timePlaced")[0].GetString());
        var metrics = await Client.GetStringAsync(
            new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("trades_rejected_total{code=\"same_currency\"} 1", metrics);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("nonsense")]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("[{}")]
    [InlineData("[{},]")]
    [InlineData("\"text\"")]
    [InlineData("5")]
    public async Task Post_NotJson_Is400MalformedAndNothingIsLogged(string body)
    {
        using var answer = await PostAsync(body);
        _ = await ProblemAsync(answer, HttpStatusCode.BadRequest, "malformed-json");
        var newest = (await GetAsync("/api/rejects?limit=1")).GetProperty("recent")[0];
        Assert.Equal("""{"":["malformed_json"]}""", newest.GetProperty("errors").GetRawText());
    }

    [Fact]
    public async Task Post_ArrayThatBreaksOffAfterGoodTrades_LogsNoneOfThem()
    {
        var user = $"broken-{Guid.NewGuid():N}";
        using var answer = await PostAsync($"[{Sample.Replace("134256", user)},{{]");
        _ = await ProblemAsync(answer, HttpStatusCode.BadRequest, "malformed-json");
        using var next = await PostAsync(Sample.Replace("134256", user + "-next"));
        JsonElement trades;
        do
        {
            trades = await GetAsync($"/api/trades?userId={user}-next");
        }
        while (trades.GetArrayLength() == 0);
        Assert.Equal(0, (await GetAsync($"/api/trades?userId={user}")).GetArrayLength());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/xml")]
    [InlineData(null)]
    public async Task Post_OtherMediaType_Is415(string? type)
    {
        using var answer = await PostAsync(Sample, type);
        _ = await ProblemAsync(
            answer, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task Post_CompressedBody_Is415()
    {
        using var content = new StringContent(Sample, Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var answer = await Client.PostAsync(
            Trades, content, TestContext.Current.CancellationToken);
        _ = await ProblemAsync(
            answer, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task OtherMethod_Is405WithAllow(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Trades);
        using var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        _ = await ProblemAsync(answer, HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Equal("POST", Assert.Single(answer.Content.Headers.Allow));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_SingleTradeOver4KiB_Is413(bool chunked)
    {
        var body = Sample[..^1] + ",\"note\":\"" + new string('x', 4096) + "\"}";
        using var answer = await PostAsync(body, chunked: chunked);
        _ = await ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_BatchOver8MiB_Is413AndNothingIsLogged(bool chunked)
    {
        // Not what is aggregated: that of an earlier test may still rise.
        var before = await fixture.Host.MetricAsync("trades_accepted_total");
        var body = string.Concat(Enumerable.Repeat(Sample + "\n", (8 << 20) / Sample.Length + 10));
        using var answer = await PostAsync(body, "application/x-ndjson", chunked);
        _ = await ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too-large");
        var after = await fixture.Host.MetricAsync("trades_accepted_total");
        Assert.InRange(after - before, 0, 100); // other tests post at the same time
    }

    [Fact]
    public async Task Post_BatchOfJustUnder8MiB_IsTaken()
    {
        var count = (8 << 20) / (Sample.Length + 1);
        var body = string.Concat(Enumerable.Repeat(Sample + "\n", count));
        using var answer = await PostAsync(body, "application/x-ndjson");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(count, (await JsonAsync(answer)).GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task Post_ConfiguredAsset_IsTaken()
    {
        using var answer = await PostAsync(Sample.Replace("EUR", "BTC").Replace("GBP", "USDT"));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }
}
