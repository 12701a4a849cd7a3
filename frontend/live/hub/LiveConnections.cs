using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// SignalR's own book of connections, which also lends them out: a message that is framed already
/// can be written to a connection only, not to a client proxy. An update may overtake the answer to
/// the call that asked for it, as in any hub; whoever watches holds it back until that has come.
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
        private readonly FrameStream? _frames = FrameUpgrade.StreamOf(connection.GetHttpContext());

        public ValueTask SendAsync(LiveMessage message) => _frames is null
            ? connection.WriteAsync(message.Update, connection.ConnectionAborted)
            : _frames.SendAsync(message.UpdateFrame, connection.ConnectionAborted);

        public void Cut()
        {
            connection.Abort();
            connection.GetHttpContext()?.Abort();
        }
    }
}
