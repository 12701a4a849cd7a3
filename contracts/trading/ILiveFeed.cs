namespace TradeProcessor.Contracts;

/// <summary>
/// Tells those who watch that the store has changed; what it is now, they read from the store, so
/// that a page and the storage API cannot disagree.
/// </summary>
/// <param name="SecondsTicks">
/// Starts of the one-second intervals that changed; null where that is not known, because updates
/// were lost.
/// </param>
/// <param name="NewestTrades">Oldest first; at most as many as a page shows.</param>
public sealed record LiveUpdate(
    int Shard, IReadOnlyList<long>? SecondsTicks, IReadOnlyList<Trade> NewestTrades);

/// <summary>
/// Carries updates from workers to frontends. A listener that is late loses updates, and hears that
/// it did.
/// </summary>
public interface ILiveFeed
{
    void Publish(LiveUpdate update);

    /// <summary>Calls the listener for each update, one after the other, until disposed.</summary>
    IDisposable Listen(Action<LiveUpdate> listener);
}
