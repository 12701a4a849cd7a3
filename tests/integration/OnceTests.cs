namespace TradeProcessor.Tests.Integration;

/// <inheritdoc/>
public sealed class OnceTests(HostFixture fixture) : OnceContract, IClassFixture<HostFixture>
{
    private protected override HttpClient Client => fixture.Host.Client;

    private protected override Task UntilInOrderAsync() => Task.CompletedTask;
}
