namespace TradeProcessor.Contracts;

/// <summary>A frame that could not be counted, kept aside.</summary>
/// <param name="Id">Names it in commands: shard and position, <c>3-1027</c>.</param>
/// <param name="ReceivedAt">Null where the header cannot be read.</param>
/// <param name="Trades">As its header says; 0 where that cannot be read.</param>
/// <param name="Attempts">How often it was tried.</param>
public sealed record DeadLetter(
    string Id,
    int Shard,
    DateTime DiedAt,
    DateTime? ReceivedAt,
    int Trades,
    int Bytes,
    int Attempts,
    string Reason);

/// <param name="Total">Frames.</param>
/// <param name="Trades">Trades in all of them whose header can be read.</param>
/// <param name="Recent">Newest first.</param>
public sealed record DeadReport(long Total, long Trades, IReadOnlyList<DeadLetter> Recent);

/// <summary>What a command did.</summary>
/// <param name="Kept">Frames that cannot be replayed, because their bytes are damaged.</param>
public sealed record DeadOutcome(int Done, IReadOnlyList<DeadLetter> Kept);

/// <summary>Frames that failed too often: visible, and not in the way of the others.</summary>
public interface IDeadLetters
{
    ValueTask<DeadReport> ListAsync(int limit, CancellationToken cancellation);

    /// <summary>
    /// Puts whole frames back into the log, under a new producer, so that they count once; all of
    /// them, or the one named. Damaged ones stay.
    /// </summary>
    ValueTask<DeadOutcome> ReplayAsync(string? id, CancellationToken cancellation);

    /// <summary>Deletes all of them, or the one named.</summary>
    ValueTask<DeadOutcome> PurgeAsync(string? id, CancellationToken cancellation);
}
