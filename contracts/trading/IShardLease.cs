namespace TradeProcessor.Contracts;

/// <summary>Whole frames, one after the other, as they stand in a shard.</summary>
/// <param name="Frames">
/// Valid until the next read from the same lease. Empty where there are none yet, or where all that
/// was read were repeats: then the position has moved.
/// </param>
/// <param name="EndPosition">Position behind the last frame.</param>
/// <param name="Damage">Why what stands there is no frame, which is then alone in the batch.</param>
public readonly record struct LogBatch(
    ReadOnlyMemory<byte> Frames, long EndPosition, string? Damage = null)
{
    public bool IsEmpty => Frames.IsEmpty;

    /// <summary>
    /// Nothing stood behind it when the log was asked; false also where nobody knows.
    /// </summary>
    public bool IsLast { get; init; }

    /// <summary>
    /// Position behind the frame that ends at an offset of <see cref="Frames"/>. Where positions
    /// are not bytes, a batch has one frame.
    /// </summary>
    public long PositionAt(int endOffset) => EndPosition - (Frames.Length - endOffset);
}

/// <summary>
/// Cells of one interval in their absolute value, not as differences. Valid until the call that
/// they are passed to has completed.
/// </summary>
/// <param name="Cells">Those that changed since the last commit.</param>
/// <param name="All">All cells of the interval in the shard, the changed ones among them.</param>
/// <param name="Total">All cells merged.</param>
/// <param name="IsClosing">Whether the worker expects no more changes: a newer one has begun.</param>
public sealed record IntervalCells(
    IntervalKey Interval,
    ReadOnlyMemory<Cell> Cells,
    ReadOnlyMemory<Cell> All,
    Aggregate Total,
    bool IsClosing)
{
    /// <summary>
    /// The place of each of <see cref="Cells"/> in <see cref="All"/>; empty where not known.
    /// </summary>
    public ReadOnlyMemory<int> Places { get; init; }
}

/// <summary>
/// What a worker says at once of a shard: all or nothing of it takes effect. Values are absolute,
/// so that saying it twice changes nothing.
/// </summary>
/// <param name="EndPosition">Behind the last frame that is counted in it.</param>
/// <param name="FirstTimeTicks">
/// <c>receivedAt</c> of the first frame since the last commit; 0 where none was counted.
/// </param>
/// <param name="LogTimeTicks"><c>receivedAt</c> of the last one; 0 where none was counted.</param>
/// <param name="AggregatedTotal">Trades of the shard counted so far, ever.</param>
/// <param name="Intervals">Cells that changed since the last commit.</param>
/// <param name="NewestTrades">Records that came since, oldest first, at most the ring's size.</param>
/// <param name="DeadReason">
/// Not null: the commit counts nothing, but moves the frame between the last commit and
/// <paramref name="EndPosition"/> to the dead letters, for this reason.
/// </param>
public sealed record ShardCommit(
    long EndPosition,
    long FirstTimeTicks,
    long LogTimeTicks,
    long AggregatedTotal,
    IReadOnlyList<IntervalCells> Intervals,
    IReadOnlyList<RecordBlock> NewestTrades,
    string? DeadReason = null);

/// <summary>
/// Records that share a time of receipt. Valid until the call that they are passed to has
/// completed.
/// </summary>
public readonly record struct RecordBlock(long ReceivedAtTicks, ReadOnlyMemory<byte> Records);

/// <summary>
/// The shard went to another owner, or the store is another one than at the last commit: what was
/// counted since is void, the next owner counts it.
/// </summary>
public sealed class LeaseLostException(string message) : Exception(message);

/// <summary>
/// A shard that one worker owns. While the back end does not answer, calls wait for it. Disposing
/// gives the shard back.
/// </summary>
public interface IShardLease : IAsyncDisposable
{
    int Shard { get; }

    /// <summary>Position behind the last commit.</summary>
    long Position { get; }

    /// <summary>Trades of the shard counted up to the last commit.</summary>
    long AggregatedTotal { get; }

    /// <summary>
    /// Cancelled where the worker is to commit what it has counted and give the shard back: others
    /// have too few, or the lease is lost already.
    /// </summary>
    CancellationToken Ending { get; }

    /// <summary>Completes as soon as the shard holds a frame that was not read yet.</summary>
    ValueTask WaitAsync(CancellationToken cancellation);

    /// <summary>The next frames, or an empty batch where there are none yet.</summary>
    ValueTask<LogBatch> ReadAsync(CancellationToken cancellation);

    /// <summary>The next read begins behind the last commit again.</summary>
    void Rewind();

    /// <summary>
    /// Keeps that the frame behind the last commit could not be counted; returns how often that
    /// happened so far, by any owner of the shard.
    /// </summary>
    /// <exception cref="LeaseLostException"/>
    ValueTask<int> FailedAsync(string reason, CancellationToken cancellation);

    /// <summary>The shard's cells of an interval as they were last committed.</summary>
    ValueTask<IReadOnlyList<Cell>> LoadAsync(IntervalKey interval, CancellationToken cancellation);

    /// <summary>
    /// Makes cells and position durable as one step, as far as the back end promises. All that was
    /// read must have been counted.
    /// </summary>
    /// <exception cref="LeaseLostException">
    /// It took no effect, or it did and the reply was lost: the next owner goes on from what holds.
    /// </exception>
    ValueTask CommitAsync(ShardCommit commit, CancellationToken cancellation);
}

/// <summary>Hands out the shards to workers, so that each has one owner and all have about as many.</summary>
public interface IShardLeases
{
    /// <summary>Waits for the next shard that this worker may own.</summary>
    ValueTask<IShardLease> AcquireAsync(CancellationToken cancellation);
}
