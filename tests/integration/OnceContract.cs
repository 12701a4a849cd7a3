using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace TradeProcessor.Tests.Integration;

/// <summary>POST /trades with an Idempotency-Key, over HTTP: the same with each back end.</summary>
public abstract class OnceContract
{
    private protected const string Json = "application/json";
    private const string Ndjson = "application/x-ndjson";

    private static readonly Uri Trades = new("/trades", UriKind.Relative);

    private protected abstract HttpClient Client { get; }

    /// <summary>Completes once a trade that comes now is counted after all others.</summary>
    private protected abstract Task UntilInOrderAsync();

    private static string NewKey() => Guid.NewGuid().ToString();

    private protected static string Trade(string user, string country = "FR") =>
        $$"""{"userId": "{{user}}", "currencyFrom": "EUR", "currencyTo": "GBP", "amountSell": 1000, "amountBuy": 747.10, "rate": 0.7471, "timePlaced": "24-JAN-15 10:27:44", "originatingCountry": "{{country}}"}""";

    private Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> PostAsync(
        string body, string type, params string[] keys) => PostAsync(Client, body, type, keys);

    private protected static async Task<(
        HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> PostAsync(
        HttpClient client, string body, string type, params string[] keys)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var request = new HttpRequestMessage(HttpMethod.Post, Trades) { Content = content };
        foreach (var key in keys)
            Assert.True(request.Headers.TryAddWithoutValidation("Idempotency-Key", key));
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (
            answer.StatusCode,
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            answer.Headers);
    }

    private async Task<string> GetAsync(string path) => await Client.GetStringAsync(
        new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    private async Task<long> MetricAsync(string name) => (await GetAsync("/metrics")).Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..]));

    /// <summary>Trades of a user that are stored, once a later trade is there too.</summary>
    private async Task<int> StoredAsync(string user)
    {
        await UntilInOrderAsync();
        var marker = $"marker-{Guid.NewGuid():N}";
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(Trade(marker), Json)).Status);
        var limit = DateTime.UtcNow.AddSeconds(30);
        while (await CountAsync(marker) == 0)
            Assert.True(DateTime.UtcNow < limit, "the marker must be counted");
        return await CountAsync(user);

        async Task<int> CountAsync(string id) => JsonDocument.Parse(
            await GetAsync($"/api/trades?limit=1000&userId={id}")).RootElement.GetArrayLength();
    }

    private static void AssertProblem(
        (HttpStatusCode Status, string Body, HttpResponseHeaders Headers) answer,
        HttpStatusCode status,
        string type)
    {
        Assert.Equal(status, answer.Status);
        var problem = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal($"urn:tradeprocessor:{type}", problem.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("single")]
    [InlineData("array")]
    [InlineData("ndjson")]
    public async Task Post_SameKeyAndBodyAgain_GetsTheSameAnswerAndIsLoggedAndCountedOnce(string form)
    {
        var user = $"once-{Guid.NewGuid():N}";
        var (good, bad) = (Trade(user), Trade(user, country: "XX"));
        var (body, type, trades) = form switch
        {
            "single" => (good, Json, 1),
            "array" => ($"[{good},{bad},{good},7]", Json, 2),
            _ => ($"{good}\n{bad}\nnothing\n{good}\n", Ndjson, 2),
        };
        var key = NewKey();
        var first = await PostAsync(body, type, key);
        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        var (accepted, rejected, repeated) = (
            await MetricAsync("trades_accepted_total"),
            await MetricAsync("trades_rejected_total"),
            await MetricAsync("trades_repeated_total"));
        for (var i = 0; i < 5; i++)
        {
            var again = await PostAsync(body, type, i % 2 == 0 ? key : $"\"{key}\"");
            Assert.Equal(first.Status, again.Status);
            Assert.Equal(first.Body, again.Body);
        }
        Assert.Equal(accepted, await MetricAsync("trades_accepted_total"));
        Assert.Equal(rejected, await MetricAsync("trades_rejected_total"));
        Assert.Equal(repeated + 5 * trades, await MetricAsync("trades_repeated_total"));
        Assert.Equal(trades, await StoredAsync(user));
    }

    [Fact]
    public async Task Post_KeyOfAnotherBody_Is422AndNothingIsLogged()
    {
        var user = $"other-{Guid.NewGuid():N}";
        var key = NewKey();
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(Trade(user), Json, key)).Status);
        foreach (var (body, type) in ((string, string)[])
            [(Trade(user) + " ", Json), (Trade(user), Ndjson), (Trade(user, "GB"), Json)])
        {
            AssertProblem(
                await PostAsync(body, type, key),
                HttpStatusCode.UnprocessableEntity,
                "idempotency-key-reused");
        }
        Assert.Equal(1, await StoredAsync(user));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("a b")]
    [InlineData("\"a")]
    public async Task Post_BadKey_Is400AndNothingIsLogged(string key)
    {
        var user = $"bad-{Guid.NewGuid():N}";
        AssertProblem(
            await PostAsync(Trade(user), Json, key), HttpStatusCode.BadRequest, "bad-idempotency-key");
        AssertProblem(
            await PostAsync(Trade(user), Json, new string('k', 256)),
            HttpStatusCode.BadRequest,
            "bad-idempotency-key");
        AssertProblem(
            await PostAsync(Trade(user), Json, "a", "b"),
            HttpStatusCode.BadRequest,
            "bad-idempotency-key");
        Assert.Equal(0, await StoredAsync(user));
    }

    [Fact]
    public async Task Post_NothingAccepted_DoesNotBindTheKey()
    {
        var user = $"unbound-{Guid.NewGuid():N}";
        var key = NewKey();
        AssertProblem(
            await PostAsync(Trade(user, "XX"), Json, key), HttpStatusCode.BadRequest, "invalid-trade");
        AssertProblem(
            await PostAsync("{", Json, key), HttpStatusCode.BadRequest, "malformed-json");
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(Trade(user), Json, key)).Status);
        Assert.Equal(1, await StoredAsync(user));
    }

    [Fact]
    public async Task Post_MoreThanAFrameHolds_Is413WithAKeyAndTakenWithout()
    {
        var user = $"large-{Guid.NewGuid():N}";
        var body = string.Concat(Enumerable.Repeat(Trade(user) + "\n", 14_000));
        AssertProblem(
            await PostAsync(body, Ndjson, NewKey()),
            HttpStatusCode.RequestEntityTooLarge,
            "too-large");
        Assert.Equal(0, await StoredAsync(user));
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(body, Ndjson)).Status);
        var fits = string.Concat(Enumerable.Repeat(Trade(user) + "\n", 10_000));
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(fits, Ndjson, NewKey())).Status);
    }

    [Fact]
    public async Task Post_200AtOnceUnderOneKey_IsLoggedOnceAndEachIs202Or409()
    {
        var user = $"race-{Guid.NewGuid():N}";
        var key = NewKey();
        var accepted = await MetricAsync("trades_accepted_total");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(_ => PostAsync(Trade(user), Json, key)));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.Accepted);
        Assert.All(answers, answer =>
        {
            if (answer.Status == HttpStatusCode.Accepted)
                return;
            AssertProblem(answer, HttpStatusCode.Conflict, "idempotency-key-in-flight");
            Assert.NotNull(answer.Headers.RetryAfter);
        });
        Assert.Equal(accepted + 1, await MetricAsync("trades_accepted_total"));
        Assert.Equal(1, await StoredAsync(user));
    }
}
