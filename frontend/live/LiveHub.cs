using Microsoft.AspNetCore.SignalR;

namespace TradeProcessor.Frontend.Live;

/// <summary>The hub at <c>/live</c>.</summary>
internal sealed class LiveHub(LiveBoard board, IHubContext<LiveHub> hub) : Hub
{
    /// <summary>
    /// Answers the present state; from then on <c>update</c> messages follow it, one sequence
    /// number each.
    /// </summary>
    public async Task<LiveMessage> Watch(WatchRequest request)
    {
        var view = View.Parse(request, out var error) ?? throw new HubException(error);
        // The hub object ends with this call; the client's address in the context does not.
        var client = hub.Clients.Client(Context.ConnectionId);
        return await board.WatchAsync(
            Context.ConnectionId,
            view,
            message => client.SendAsync("update", message),
            Context.ConnectionAborted)
            ?? throw new HubException("Too many different filters are watched; try later.");
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        board.Leave(Context.ConnectionId);
        return Task.CompletedTask;
    }
}
