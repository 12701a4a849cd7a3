using System.Text.Json;

namespace TradeProcessor.Tests.Unit.Api;

internal static class ProblemAssert
{
    /// <summary>The answer is a problem of this status and type; gives its members.</summary>
    public static async Task<JsonElement> IsProblemAsync(
        HttpResponseMessage answer, int status, string type)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal($"urn:tradeprocessor:{type}", problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        return problem;
    }
}
