using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// SignalR's own book of connections, which also lends them out: a message that is framed already
/// can be written to a connection only, not to a client proxy.
/// </summary>
internal sealed class LiveConnections(
    IHostApplicationLifetime lifetime, ILogger<DefaultHubLifetimeManager<LiveHub>> logger)
    : DefaultHubLifetimeManager<LiveHub>(logger)
{
    private readonly ConcurrentDictionary<string, HubConnectionContext> _open = new();

    public int Count => _open.Count;

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        _open[connection.ConnectionId] = connection;
        // SignalR closes those that are open when a stop begins. A page that comes back at once
        // would be one of those that the stop waits for.
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            connection.Abort();
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        _ = _open.TryRemove(connection.ConnectionId, out _);
        return base.OnDisconnectedAsync(connection);
    }

    /// <summary>Null where the connection has ended already.</summary>
    public IViewerLink? Find(string connectionId) =>
        _open.TryGetValue(connectionId, out var connection) ? new Link(connection) : null;

    private sealed class Link(HubConnectionContext connection) : IViewerLink
    {
        public ValueTask SendAsync(LiveMessage message) =>
            connection.WriteAsync(message.Update, connection.ConnectionAborted);

        public void Cut() => connection.Abort();
    }
}
