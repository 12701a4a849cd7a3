namespace TradeProcessor.Contracts;

/// <summary>What a commit changed, for those who watch.</summary>
/// <param name="Seconds">Changed one-second cells of the shard, in their absolute value.</param>
/// <param name="NewestTrades">Oldest first; at most the feed's limit.</param>
public sealed record LiveUpdate(
    int Shard, IReadOnlyList<IntervalCells> Seconds, IReadOnlyList<Trade> NewestTrades);

/// <summary>Carries updates from workers to frontends. A listener that is late loses updates.</summary>
public interface ILiveFeed
{
    void Publish(LiveUpdate update);

    /// <summary>Calls the listener for each update, one after the other, until disposed.</summary>
    IDisposable Listen(Action<LiveUpdate> listener);
}
