using System.Text.Json;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Tests.Unit.Api;

namespace TradeProcessor.Tests.Unit.Serving;

public sealed class HealthTests
{
    [Fact]
    public async Task Ready_EveryProbeWorks_Is200()
    {
        var runs = 0;
        await using var server = await ApiServer.StartAsync(services => services.AddReadiness(
            "log", (_, _) =>
            {
                runs++;
                return ValueTask.CompletedTask;
            }));
        Assert.Equal("""{"status":"ready"}""", await server.GetAsync("/health/ready"));
        Assert.Equal("""{"status":"live"}""", await server.GetAsync("/health/live"));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Ready_ProbesFail_Is503WithEachReason()
    {
        await using var server = await ApiServer.StartAsync(services => services
            .AddReadiness("log", (_, _) => throw new LogUnavailableException("The disk is full."))
            .AddReadiness("store", (_, _) => throw new InvalidOperationException("secret"))
            .AddReadiness("feed", (_, _) => ValueTask.CompletedTask));
        using var answer = await server.SendAsync("/health/ready");
        var problem = await ProblemAssert.IsProblemAsync(answer, 503, "not-ready");
        Assert.Equal(
            """{"log":["The disk is full."],"store":["failed; the reason is in the log"]}""",
            problem.GetProperty("errors").GetRawText());
        Assert.Equal(200, (int)(await server.SendAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task Ready_ProbeHangs_AnswersAfterItsLimitAndRunsItOnce()
    {
        var runs = 0;
        var release = new TaskCompletionSource();
        await using var server = await ApiServer.StartAsync(services => services.AddReadiness(
            "log", async (_, _) =>
            {
                Interlocked.Increment(ref runs);
                await release.Task;
            }));
        var answers = await Task.WhenAll(
            server.SendAsync("/health/ready"), server.SendAsync("/health/ready"));
        foreach (var answer in answers)
        {
            using (answer)
                await ProblemAssert.IsProblemAsync(answer, 503, "not-ready");
        }
        Assert.Equal(1, runs);
        release.SetResult();
    }

    [Fact]
    public async Task Info_Contributions_AreAllThere()
    {
        await using var server = await ApiServer.StartAsync(services => services.AddInfo(
            (_, info) =>
            {
                info.Mode = "embedded";
                info.Durability = Durability.ProcessCrash;
                info.Limit("intakeBatchBytes", 8 << 20);
            }));
        var info = JsonDocument.Parse(await server.GetAsync("/info")).RootElement;
        Assert.Equal(InfoApi.Version, info.GetProperty("version").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+$", InfoApi.Version);
        Assert.Equal("embedded", info.GetProperty("mode").GetString());
        Assert.Equal("process-crash", info.GetProperty("durability").GetString());
        Assert.Equal(8 << 20, info.GetProperty("limits").GetProperty("intakeBatchBytes").GetInt64());
        Assert.Equal(1000, info.GetProperty("limits").GetProperty("apiRows").GetInt64());
    }
}
