using System.Text.Json;

namespace TradeProcessor.Tests.Integration;

/// <summary>What the load tool says about held connections is what the host has seen.</summary>
public sealed class HoldTests
{
    private const int Held = 300;
    private const int Rounds = 2;
    private const int Posts = 200 * Rounds;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Hold_ThenPosts_AreAllAcceptedAndCounted()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        await using var tool = Start(
            host, "--for", "100ms",
            "--post-rate", "200", "--post-seconds", "1", "--post-rounds", "2");
        Assert.Equal(0, await tool.WaitForExitAsync(Limit));

        var result = Result(tool);
        Assert.Equal(Held, result.GetProperty("accepted").GetInt32());
        Assert.Equal(Held, result.GetProperty("stillOpen").GetInt32());
        var posts = result.GetProperty("posts");
        Assert.Equal(Posts, posts.GetProperty("accepted").GetInt32());
        Assert.True(posts.GetProperty("latencyMs").GetProperty("p50").GetDouble() > 0);
        var rounds = posts.GetProperty("rounds").EnumerateArray().ToList();
        Assert.Equal(Rounds, rounds.Count);
        Assert.All(rounds, round => Assert.True(round.GetProperty("p50").GetDouble() > 0));
        Assert.Equal(
            rounds.Max(round => round.GetProperty("max").GetDouble()),
            posts.GetProperty("latencyMs").GetProperty("max").GetDouble());
        Assert.Equal(Held + Posts, await host.MetricAsync("trades_accepted_total"));
    }

    [Fact]
    public async Task Hold_ServerIsKilled_NoneIsOpenAndTheToolFails()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        await using var tool = Start(host, "--for", "3s");
        while (await host.MetricAsync("trades_accepted_total") < Held)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        host.Kill();
        Assert.Equal(1, await tool.WaitForExitAsync(Limit));
        Assert.Equal(0, Result(tool).GetProperty("stillOpen").GetInt32());
    }

    [Fact]
    public async Task Hold_NobodyListens_IsUnanswered()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        host.Kill();
        _ = await host.WaitForExitAsync(Limit);
        await using var tool = Start(host, "--for", "100ms");
        Assert.Equal(1, await tool.WaitForExitAsync(Limit));
        Assert.Equal(Held, Result(tool).GetProperty("unanswered").GetInt32());
    }

    private static ChildProcess Start(HostProcess host, params string[] more) => new(
        "dotnet",
        [
            Repository.Program("tests/load", "TradeProcessor.Load"),
            "--url", host.Address.OriginalString, "--hold", $"{Held}", "--json", .. more,
        ]);

    private static JsonElement Result(ChildProcess tool)
    {
        var line = tool.Output.Split('\n').First(line => line.StartsWith('{'));
        using var json = JsonDocument.Parse(line);
        return json.RootElement.Clone();
    }
}
