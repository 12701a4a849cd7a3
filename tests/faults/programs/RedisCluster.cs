namespace TradeProcessor.Tests.Faults.Programs;

/// <summary>A Redis Cluster of three masters, each with a third of the slots.</summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    private readonly List<RedisProcess> _nodes = [];

    public IReadOnlyList<RedisProcess> Nodes => _nodes;

    public string Addresses => string.Join(',', _nodes.Select(node => node.Address));

    public static async Task<RedisCluster> StartAsync()
    {
        var cluster = new RedisCluster();
        try
        {
            for (var i = 0; i < 3; i++)
            {
                cluster._nodes.Add(await RedisProcess.StartAsync(
                    [.. RedisProcess.Durable, "--cluster-enabled", "yes"]));
            }
            await cluster.MeetAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
    }

    private async Task MeetAsync()
    {
        await using var create = new ChildProcess(
            "redis-cli",
            ["--cluster", "create", .. _nodes.Select(node => node.Address), "--cluster-yes"]);
        Assert.True(await create.WaitForExitAsync(TimeSpan.FromSeconds(60)) == 0, create.Output);
        foreach (var node in _nodes)
        {
            await Eventually.TrueAsync("the cluster agrees", TimeSpan.FromSeconds(30), async () =>
                (await node.CallAsync("CLUSTER INFO"))
                    .Contains("cluster_state:ok", StringComparison.Ordinal));
        }
    }
}
