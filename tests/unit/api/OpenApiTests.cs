using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace TradeProcessor.Tests.Unit.Api;

public sealed class OpenApiTests
{
    private static readonly string[] Paths =
    [
        "/api/aggregates", "/api/countries", "/api/dead", "/api/pairs", "/api/rejects",
        "/api/summary", "/api/trades", "/health/live", "/health/ready", "/info", "/metrics",
    ];

    [Fact]
    public async Task Document_ListsEveryPath()
    {
        await using var server = await ApiServer.StartAsync();
        var paths = await PathsAsync(server);
        Assert.Equal(Paths, paths.EnumerateObject().Select(path => path.Name).Order());
        foreach (var path in paths.EnumerateObject())
            Assert.NotEmpty(path.Value.GetProperty("get").GetProperty("summary").GetString()!);
    }

    [Fact]
    public async Task Document_WhereTradesAreTaken_ListsThem()
    {
        await using var server = await ApiServer.StartAsync(map: app => app
            .MapPost("/trades", static (HttpContext _) => Task.CompletedTask)
            .WithSummary("Take one trade, or many"));
        var paths = await PathsAsync(server);
        var post = paths.GetProperty("/trades").GetProperty("post");
        Assert.Equal("Take one trade, or many", post.GetProperty("summary").GetString());
        Assert.Equal(
            ["202", "400", "409", "411", "413", "415", "422", "429", "503"],
            post.GetProperty("responses").EnumerateObject().Select(answer => answer.Name).Order());
        var header = Assert.Single(post.GetProperty("parameters").EnumerateArray());
        Assert.Equal("Idempotency-Key", header.GetProperty("name").GetString());
        Assert.Equal("header", header.GetProperty("in").GetString());
    }

    [Fact]
    public async Task Document_OfAggregates_HasAllowedValues()
    {
        await using var server = await ApiServer.StartAsync();
        var get = (await PathsAsync(server)).GetProperty("/api/aggregates").GetProperty("get");
        var parameters = get.GetProperty("parameters").EnumerateArray().ToDictionary(
            parameter => parameter.GetProperty("name").GetString()!);
        Assert.Equal(
            ["country", "from", "groupBy", "interval", "pair", "to"], parameters.Keys.Order());
        Assert.All(parameters.Values, parameter =>
            Assert.NotEmpty(parameter.GetProperty("description").GetString()!));
        Assert.True(parameters["interval"].GetProperty("required").GetBoolean());
        Assert.Equal(
            """["1s","1m","1h","1d"]""",
            JsonSerializer.Serialize(parameters["interval"].GetProperty("schema").GetProperty("enum")));
        var answers = get.GetProperty("responses");
        Assert.Equal(
            ["application/json", "text/csv"],
            answers.GetProperty("200").GetProperty("content").EnumerateObject()
                .Select(content => content.Name));
        Assert.True(answers.GetProperty("400").GetProperty("content")
            .TryGetProperty("application/problem+json", out _));
    }

    [Fact]
    public async Task Document_Schemas_HaveNumbersAndCodes()
    {
        await using var server = await ApiServer.StartAsync();
        var document = await DocumentAsync(server);
        var schemas = document.GetProperty("components").GetProperty("schemas");
        var trade = schemas.GetProperty("TradeBody").GetProperty("properties");
        Assert.Equal("number", trade.GetProperty("amountSell").GetProperty("type").GetString());
        Assert.Equal("string", trade.GetProperty("currencyFrom").GetProperty("type").GetString());
        var ranking = schemas.GetProperty("RankingBody");
        Assert.DoesNotContain(
            "pair", ranking.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("string", ranking.GetProperty("properties").GetProperty("pair")
            .GetProperty("type").GetString());
        Assert.False(schemas.TryGetProperty("JsonNumber", out _));
        Assert.False(schemas.TryGetProperty("CurrencyPair", out _));
    }

    private static async Task<JsonElement> PathsAsync(ApiServer server) =>
        (await DocumentAsync(server)).GetProperty("paths");

    private static async Task<JsonElement> DocumentAsync(ApiServer server) =>
        JsonDocument.Parse(await server.GetAsync("/openapi/v1.json")).RootElement;
}
