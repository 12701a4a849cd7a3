using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Api;

public sealed class ProblemTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/nothing")]
    [InlineData("/api/trades/1")]
    [InlineData("/openapi/v2.json")]
    public async Task Path_Unknown_Is404(string path)
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.SendAsync(path, accept: "text/html");
        await ProblemAssert.IsProblemAsync(answer, 404, "not-found");
    }

    [Theory]
    [InlineData("/api/summary", "POST")]
    [InlineData("/api/trades", "DELETE")]
    [InlineData("/metrics", "PUT")]
    [InlineData("/health/ready", "PATCH")]
    public async Task Method_NotTaken_Is405WithAllow(string path, string method)
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.SendAsync(path, method: method);
        await ProblemAssert.IsProblemAsync(answer, 405, "method-not-allowed");
        Assert.Equal(["GET"], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task Exception_Unforeseen_Is500WithoutItsText()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Failure = new InvalidOperationException("secret");
        foreach (var path in new[] { "/api/summary", "/api/pairs", "/api/aggregates?interval=1s" })
        {
            using var answer = await server.SendAsync(path);
            var problem = await ProblemAssert.IsProblemAsync(answer, 500, "internal");
            Assert.DoesNotContain("secret", problem.GetRawText());
        }
    }

    [Fact]
    public async Task Store_Unavailable_Is503WithItsReason()
    {
        await using var server = await ApiServer.StartAsync();
        server.Store.Failure = new LogUnavailableException("Redis does not answer.");
        using var answer = await server.SendAsync("/api/trades");
        var problem = await ProblemAssert.IsProblemAsync(answer, 503, "unavailable");
        Assert.Equal("Redis does not answer.", problem.GetProperty("detail").GetString());
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Body_OverTheServersLimit_Is413()
    {
        await using var server = await ApiServer.StartAsync(map: app =>
            app.MapPost("/echo", async (HttpRequest request) =>
                await new StreamReader(request.Body).ReadToEndAsync(
                    TestContext.Current.CancellationToken))
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(10)));
        using var body = new StringContent(new string('x', 11));
        using var answer = await server.Client.PostAsync(
            "/echo", body, TestContext.Current.CancellationToken);
        await ProblemAssert.IsProblemAsync(answer, 413, "too-large");
    }

    [Fact]
    public async Task Answer_ThatFailsHalfWay_IsCutOff()
    {
        await using var server = await ApiServer.StartAsync(map: app =>
            app.MapGet("/half", async (HttpResponse response) =>
            {
                await response.WriteAsync("half");
                await response.Body.FlushAsync();
                throw new InvalidOperationException();
            }));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => server.GetAsync("/half"));
    }

    [Fact]
    public async Task Client_Gone_StopsTheReading()
    {
        await using var server = await ApiServer.StartAsync();
        var begun = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        server.Store.Before = async cancellation =>
        {
            cancellation.Register(stopped.SetResult);
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
        };
        using var gone = new CancellationTokenSource();
        var answer = server.Client.GetAsync("/api/aggregates?interval=1s", gone.Token);
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        server.Store.Before = _ => Task.CompletedTask;
        for (var i = 0; i < 5; i++)
            await server.GetAsync("/api/aggregates?interval=1s");
    }
}
