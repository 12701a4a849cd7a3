using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using TradeProcessor.Frontend.Live;

namespace TradeProcessor.Tests.Unit.Live;

/// <summary>A stop does not wait for pages that come back while it is under way.</summary>
public sealed class LiveConnectionsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Connected_WhileStopping_IsEnded()
    {
        var connection = await ConnectAsync(isStopping: true);
        var ended = new TaskCompletionSource();
        await using var told = connection.ConnectionAborted.Register(ended.SetResult);
        await ended.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Connected_WhileServing_StaysOpen()
    {
        var connection = await ConnectAsync(isStopping: false);
        Assert.False(connection.ConnectionAborted.IsCancellationRequested);
    }

    private static async Task<HubConnectionContext> ConnectAsync(bool isStopping)
    {
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        if (isStopping)
            lifetime.StopApplication();
        var connections = new LiveConnections(
            lifetime, NullLogger<DefaultHubLifetimeManager<LiveHub>>.Instance);
        var connection = new HubConnectionContext(
            new DefaultConnectionContext("one"), new HubConnectionContextOptions(),
            NullLoggerFactory.Instance)
        {
            Protocol = new JsonHubProtocol(),
        };
        await connections.OnConnectedAsync(connection);
        return connection;
    }
}
