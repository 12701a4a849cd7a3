namespace TradeProcessor.Tests.Integration;

/// <summary>One host with a Redis of its own for all tests of a class.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private RedisProcess? _redis;
    private HostProcess? _host;

    internal RedisProcess Redis => _redis!;

    internal HostProcess Host => _host!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync();
        _host = await HostProcess.StartAsync(
            _redis, "--Redis:Shards", "3", "--Intake:StallLimit", "00:00:30");
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }
}
