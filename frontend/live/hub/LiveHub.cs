using Microsoft.AspNetCore.SignalR;

namespace TradeProcessor.Frontend.Live;

/// <summary>The hub at <c>/live</c>.</summary>
internal sealed class LiveHub(LiveBoard board, LiveConnections connections) : Hub
{
    /// <summary>
    /// Answers the present state; from then on <c>update</c> messages follow it, one sequence
    /// number each.
    /// </summary>
    public async Task<LiveMessage> Watch(WatchRequest request)
    {
        var view = ViewOf(request);
        var link = connections.Find(Context.ConnectionId)
            ?? throw new HubException("The connection has ended.");
        return await board.WatchAsync(
            Context.ConnectionId, view, link, Context.ConnectionAborted)
            ?? throw new HubException("Too many different filters are watched; try later.");
    }

    /// <summary>Answers what was sold in the view, by currency; what is watched stays.</summary>
    public async Task<LiveMessage> Sold(WatchRequest request) =>
        await board.SoldAsync(ViewOf(request), Context.ConnectionAborted);

    /// <summary>Sends nothing more until the next <see cref="Watch"/>: nobody looks.</summary>
    public void Rest() => board.Leave(Context.ConnectionId);

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        board.Leave(Context.ConnectionId);
        return Task.CompletedTask;
    }

    private static View ViewOf(WatchRequest request) =>
        View.Parse(request, out var error) ?? throw new HubException(error);
}
