namespace TradeProcessor.Tests.Unit.Api;

public sealed class ParameterTests
{
    [Theory]
    [InlineData("/api/aggregates", "interval", "interval is missing: must be 1s, 1m, 1h or 1d.")]
    [InlineData("/api/aggregates?interval=", "interval", "interval is missing: must be 1s, 1m, 1h or 1d.")]
    [InlineData("/api/aggregates?interval=5m", "interval", "interval = '5m': must be 1s, 1m, 1h or 1d.")]
    [InlineData("/api/aggregates?interval=1s&interval=1m", "interval", "interval = '1s,1m': must be 1s, 1m, 1h or 1d.")]
    [InlineData("/api/aggregates?interval=1s&groupBy=user", "groupBy", "groupBy = 'user': must be none, pair, country or pair,country.")]
    [InlineData("/api/aggregates?interval=1s&groupBy=country,pair", "groupBy", "must be none, pair, country or pair,country.")]
    [InlineData("/api/aggregates?interval=1s&pair=EURGBP", "pair", "pair = 'EURGBP': must be two currency codes such as EUR/GBP, or other.")]
    [InlineData("/api/aggregates?interval=1s&pair=eur/gbp", "pair", "must be two currency codes")]
    [InlineData("/api/aggregates?interval=1s&pair=EUR/", "pair", "must be two currency codes")]
    [InlineData("/api/aggregates?interval=1s&country=ZZ", "country", "country = 'ZZ': must be an ISO 3166-1 alpha-2 code such as FR, or other.")]
    [InlineData("/api/aggregates?interval=1s&country=fr", "country", "must be an ISO 3166-1")]
    [InlineData("/api/aggregates?interval=1s&from=yesterday", "from", "from = 'yesterday': must be an ISO 8601 instant")]
    [InlineData("/api/aggregates?interval=1s&to=2026-02-30", "to", "to = '2026-02-30': must be an ISO 8601 instant")]
    [InlineData("/api/aggregates?interval=1s&to=1700000000", "to", "must be an ISO 8601 instant")]
    [InlineData("/api/aggregates?interval=1d&to=9999-12-31", "to", "must be an ISO 8601 instant")]
    [InlineData("/api/aggregates?interval=1s&from=2026-03-05", "from", "from = '2026-03-05': must be before to, which is now")]
    [InlineData("/api/aggregates?interval=1s&from=2026-03-01&to=2026-03-01", "from", "must be before to = '2026-03-01'.")]
    [InlineData("/api/aggregates?interval=1s&from=2026-03-01", "from", "must leave at most 100000 intervals of 1s until to, not 304246; move")]
    [InlineData("/api/aggregates?interval=1m&from=0001-01-01", "from", "must leave at most 100000 intervals")]
    [InlineData("/api/pairs?window=15", "window", "window = '15': must be a whole number and s, m, h or d, such as 15m, from 1s to 366d.")]
    [InlineData("/api/pairs?window=0m", "window", "window = '0m'")]
    [InlineData("/api/pairs?window=m", "window", "window = 'm'")]
    [InlineData("/api/pairs?window=-5m", "window", "window = '-5m'")]
    [InlineData("/api/pairs?window=367d", "window", "window = '367d'")]
    [InlineData("/api/countries?window=99999999999999999999s", "window", "must be a whole number and s")]
    [InlineData("/api/countries?window=1.5h", "window", "window = '1.5h'")]
    [InlineData("/api/trades?limit=0", "limit", "limit = '0': must be a whole number from 1 to 1000.")]
    [InlineData("/api/trades?limit=1001", "limit", "limit = '1001'")]
    [InlineData("/api/trades?limit=ten", "limit", "limit = 'ten'")]
    [InlineData("/api/trades?limit=1&limit=2", "limit", "limit = '1,2'")]
    [InlineData("/api/trades?pair=EUR-GBP", "pair", "pair = 'EUR-GBP'")]
    [InlineData("/api/trades?country=FRA", "country", "country = 'FRA'")]
    [InlineData("/api/rejects?limit=1e2", "limit", "limit = '1e2'")]
    public async Task Parameter_NotAllowed_IsNamedWithValueAndWhatIs(
        string path, string parameter, string message)
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.SendAsync(path);
        var problem = await ProblemAssert.IsProblemAsync(answer, 400, "invalid-parameters");
        var error = Assert.Single(problem.GetProperty("errors").EnumerateObject());
        Assert.Equal(parameter, error.Name);
        Assert.Contains(message, error.Value[0].GetString()!);
        Assert.Contains(message, problem.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task Parameters_SeveralNotAllowed_AreAllNamed()
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.SendAsync(
            "/api/aggregates?from=x&to=y&pair=p&country=c&groupBy=g");
        var problem = await ProblemAssert.IsProblemAsync(answer, 400, "invalid-parameters");
        Assert.Equal(
            ["country", "from", "groupBy", "interval", "pair", "to"],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());
    }

    [Fact]
    public async Task UserId_TooLong_IsRefused()
    {
        await using var server = await ApiServer.StartAsync();
        using var longest = await server.SendAsync("/api/trades?userId=" + new string('u', 64));
        Assert.Equal(200, (int)longest.StatusCode);
        using var longer = await server.SendAsync("/api/trades?userId=" + new string('u', 65));
        await ProblemAssert.IsProblemAsync(longer, 400, "invalid-parameters");
    }

    [Theory]
    [InlineData("/api/pairs?window=1s")]
    [InlineData("/api/pairs?window=30s")]
    [InlineData("/api/pairs?window=15m")]
    [InlineData("/api/pairs?window=24h")]
    [InlineData("/api/countries?window=366d")]
    [InlineData("/api/trades?limit=1000&pair=other&country=other&unknown=1")]
    [InlineData("/api/aggregates?interval=1s&from=2026-03-03T08:44:06Z")]
    public async Task Parameter_Allowed_IsTaken(string path)
    {
        await using var server = await ApiServer.StartAsync();
        await server.GetAsync(path);
    }
}
