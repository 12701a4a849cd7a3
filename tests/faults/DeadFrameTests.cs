using System.Globalization;
using System.Text.Json;
using TradeProcessor.Tests.Faults.Accounting;
using TradeProcessor.Tests.Faults.Clients;
using TradeProcessor.Tests.Faults.Programs;

namespace TradeProcessor.Tests.Faults;

/// <summary>What cannot be counted comes into the log under load.</summary>
public sealed class DeadFrameTests(ITestOutputHelper output)
{
    private const int Count = 48;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Poison_AmongClientsTrades_IsAllThatDies()
    {
        var seed = Settings.Seed();
        output.WriteLine($"TP_SEED={seed}");
        await using var cluster = await Cluster.StartAsync(new ClusterSettings());
        var poison = new Poison(new Random(seed));
        var (book, journal) = (new PageBook(), new Journal());
        var pushed = new List<DeadBytes>();
        long trades = 0;
        await using (var stored = await Stored.ConnectAsync(cluster.RedisForTests, cluster.Shards))
        await using (var load = new Load(
            Lane.Mixed, seed, [cluster.Consumers[0].Address], book, journal))
        {
            for (var i = 0; i < Count; i++)
            {
                var (bytes, said) = poison.Next();
                // Each kind into each shard.
                var shard = (i + i / cluster.Shards) % cluster.Shards;
                await stored.PushAsync(shard, bytes);
                pushed.Add(DeadBytes.Of(shard, bytes));
                trades += said;
                if (i == Count / 2)
                    await cluster.Workers[0].KillAsync();
                await Task.Delay(Pause, TestContext.Current.CancellationToken);
            }
            await cluster.Workers[0].StartAsync();
        }
        await Accounts.AssertAsync(cluster, book, journal, output, pushed);
        output.WriteLine($"{pushed.Count} dead frames, {trades} trades by their headers");
        await AssertListedAsync(cluster, pushed.Count, trades);

        var (replayed, text) = await RunAsync(cluster, "replay");
        Assert.Equal(1, replayed);
        Assert.Contains("Replayed 0 frames.", text);
        Assert.Equal(Count, text.Split('\n').Count(line => line.EndsWith("is damaged and stays.")));
        await Accounts.AssertAsync(cluster, book, journal, output, pushed);

        Assert.Equal(
            (0, $"Deleted {Count} frames."), await RunAsync(cluster, "purge", "--yes"));
        await Accounts.AssertAsync(cluster, book, journal, output);
        await AssertListedAsync(cluster, 0, 0);
    }

    /// <summary>By the command and by the storage API.</summary>
    private static async Task AssertListedAsync(Cluster cluster, int frames, long trades)
    {
        var limit = Count.ToString(CultureInfo.InvariantCulture);
        var (code, listed) = await RunAsync(cluster, "list", "--json", "--limit", limit);
        Assert.True(code == 0, listed);
        var api = await cluster.Storage.Client.GetStringAsync(
            new Uri("/api/dead", UriKind.Relative));
        foreach (var text in (string[])[listed, api])
        {
            using var json = JsonDocument.Parse(text);
            Assert.Equal(frames, json.RootElement.GetProperty("total").GetInt32());
            Assert.Equal(trades, json.RootElement.GetProperty("trades").GetInt64());
        }
    }

    private static async Task<(int Code, string Text)> RunAsync(
        Cluster cluster, params string[] command)
    {
        await using var process = new ChildProcess(
            "dotnet",
            [
                Repository.Program("worker", "TradeProcessor.Worker"), "dead", .. command,
                "--Redis:Configuration", cluster.RedisForTests,
                "--Redis:Shards", cluster.Shards.ToString(CultureInfo.InvariantCulture),
            ]);
        var code = await process.WaitForExitAsync(CommandLimit);
        return (code, process.Output.Trim());
    }
}
