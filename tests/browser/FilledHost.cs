namespace TradeProcessor.Tests.Browser;

/// <summary>A host with trades of all kinds, for tests that only look.</summary>
public sealed class FilledHost : IAsyncLifetime
{
    public const int Trades = 400;

    private readonly TemporaryDirectory _directory = new();
    private HostProcess? _host;

    internal HostProcess Host => _host!;

    internal Desk Desk => new(Host.Client);

    public async ValueTask InitializeAsync()
    {
        _host = await HostProcess.StartAsync(_directory.Path);
        await new Desk(_host.Client).PostManyAsync(Trades, invalid: 5);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _directory.Dispose();
    }
}
