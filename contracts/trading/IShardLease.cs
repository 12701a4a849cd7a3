namespace TradeProcessor.Contracts;

/// <summary>Whole frames, one after the other, as they stand in a shard.</summary>
/// <param name="Frames">Valid until the next read from the same lease.</param>
/// <param name="EndPosition">Position behind the last frame.</param>
public readonly record struct LogBatch(ReadOnlyMemory<byte> Frames, long EndPosition)
{
    public bool IsEmpty => Frames.IsEmpty;
}

/// <summary>
/// Cells of one interval in their absolute value, not as differences. Valid until the call that
/// they are passed to has completed.
/// </summary>
public sealed record IntervalCells(IntervalKey Interval, ReadOnlyMemory<Cell> Cells);

/// <summary>
/// What a worker says at once of a shard: all or nothing of it takes effect. Values are absolute,
/// so that saying it twice changes nothing.
/// </summary>
/// <param name="EndPosition">Behind the last frame that is counted in it.</param>
/// <param name="FirstTimeTicks"><c>receivedAt</c> of the first frame since the last commit.</param>
/// <param name="LogTimeTicks"><c>receivedAt</c> of the last one.</param>
/// <param name="AggregatedTotal">Trades of the shard counted so far, ever.</param>
/// <param name="Intervals">Cells that changed since the last commit.</param>
/// <param name="NewestTrades">Records that came since, oldest first, at most the ring's size.</param>
public sealed record ShardCommit(
    long EndPosition,
    long FirstTimeTicks,
    long LogTimeTicks,
    long AggregatedTotal,
    IReadOnlyList<IntervalCells> Intervals,
    IReadOnlyList<RecordBlock> NewestTrades);

/// <summary>
/// Records that share a time of receipt. Valid until the call that they are passed to has
/// completed.
/// </summary>
public readonly record struct RecordBlock(long ReceivedAtTicks, ReadOnlyMemory<byte> Records);

/// <summary>A shard that one worker owns.</summary>
public interface IShardLease
{
    int Shard { get; }

    /// <summary>Trades of the shard counted before this lease began.</summary>
    long AggregatedTotal { get; }

    /// <summary>Completes as soon as the shard holds a frame that was not read yet.</summary>
    ValueTask WaitAsync(CancellationToken cancellation);

    /// <summary>The next frames, or an empty batch where there are none yet.</summary>
    ValueTask<LogBatch> ReadAsync(CancellationToken cancellation);

    /// <summary>The shard's cells of an interval as they were last committed.</summary>
    ValueTask<IReadOnlyList<Cell>> LoadAsync(IntervalKey interval, CancellationToken cancellation);

    /// <summary>Makes cells and position durable as one step, as far as the back end promises.</summary>
    ValueTask CommitAsync(ShardCommit commit, CancellationToken cancellation);
}

/// <summary>Hands out the shards to workers.</summary>
public interface IShardLeases
{
    /// <summary>Waits for the next shard that this worker may own.</summary>
    ValueTask<IShardLease> AcquireAsync(CancellationToken cancellation);
}
