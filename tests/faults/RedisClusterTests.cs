using TradeProcessor.Tests.Faults.Accounting;
using TradeProcessor.Tests.Faults.Clients;
using TradeProcessor.Tests.Faults.Programs;

namespace TradeProcessor.Tests.Faults;

/// <summary>The log and the cells spread over the nodes of a Redis Cluster.</summary>
public sealed class RedisClusterTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Pipeline_OnThreeMasters_CountsEachTradeOnceAndUsesMoreThanOne()
    {
        var seed = Settings.Seed();
        output.WriteLine($"TP_SEED={seed}");
        await using var redis = await RedisCluster.StartAsync();
        await using var cluster = await Cluster.StartAsync(
            new ClusterSettings { RedisConfiguration = redis.Addresses });
        var (book, journal) = (new PageBook(), new Journal());
        await using (var load = new Load(
            Lane.Mixed, seed, [cluster.Consumers[0].Address], book, journal))
        {
            await Task.Delay(2000, TestContext.Current.CancellationToken);
            await cluster.Workers[0].KillAsync();
            await cluster.Workers[0].StartAsync();
        }
        await Accounts.AssertAsync(cluster, book, journal, output);
        var states = await Task.WhenAll(redis.Nodes.Select(StatesAsync));
        output.WriteLine($"shards by node: {string.Join(", ", states)}");
        Assert.Equal(cluster.Shards, states.Sum());
        Assert.True(states.Count(count => count > 0) > 1, "the shards lie on one node only");
    }

    private static async Task<int> StatesAsync(RedisProcess node)
    {
        var keys = await node.CallAsync("KEYS tp:{*}:state");
        return keys.Split("\r\n").Count(line => line.StartsWith("tp:", StringComparison.Ordinal));
    }
}
