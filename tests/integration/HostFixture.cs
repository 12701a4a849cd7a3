namespace TradeProcessor.Tests.Integration;

/// <summary>One host for all tests of a class.</summary>
public sealed class HostFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private HostProcess? _host;

    internal HostProcess Host => _host!;

    public async ValueTask InitializeAsync() => _host = await HostProcess.StartAsync(
        _directory.Path, "--Assets:Extra:0", "BTC", "--Assets:Extra:1", "USDT");

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _directory.Dispose();
    }
}
