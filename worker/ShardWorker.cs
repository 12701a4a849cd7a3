using Microsoft.Extensions.Logging;
using TradeProcessor.Contracts;

namespace TradeProcessor.Worker;

/// <summary>
/// Carries one shard from the log into the store:
/// (1) wait for a frame, (2) count what is there, (3) commit cells and position, (4) tell those
/// who watch, (5) rest. A crash between any two of them repeats from the last commit.
/// </summary>
internal sealed partial class ShardWorker(
    IShardLease lease,
    ILiveFeed feed,
    WorkerMetrics metrics,
    WorkerOptions options,
    TimeProvider time,
    ILogger logger)
{
    // The tape of a page shows 50 trades and changes 4 times a second.
    private const int LiveTrades = 50;
    private const int NewestTrades = 10_000;

    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(4);

    private readonly Aggregator _aggregator =
        new(lease, options.MaxCellsPerInterval, NewestTrades);

    private long _countedPosition;

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await lease.WaitAsync(stopping);
                var caughtUp = await PassAsync(stopping);
                if (caughtUp)
                    await Task.Delay(options.Rest, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await DrainAsync();
        }
    }

    /// <summary>Counts what is in the log now, then commits. True where nothing was left.</summary>
    public async ValueTask<bool> PassAsync(CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var caughtUp = false;
        while (!caughtUp && time.GetElapsedTime(started) < options.CommitEvery)
        {
            var batch = await lease.ReadAsync(cancellation);
            caughtUp = batch.IsEmpty;
            if (caughtUp)
                break;
            await CountAsync(batch);
        }
        if (_aggregator.Pending > 0)
            await CommitAsync();
        return caughtUp;
    }

    // Neither is given up half way: a batch is counted whole, and shutting down waits for it.
    private async ValueTask CountAsync(LogBatch batch)
    {
        var frames = batch.Frames;
        while (!frames.IsEmpty)
        {
            if (TradeFrame.ReadHeader(frames.Span, out var header) != FrameStatus.Whole)
                throw new InvalidDataException("The log handed out a damaged frame.");
            if (_aggregator.MustFold(header))
                await _aggregator.FoldAsync(CancellationToken.None);
            _aggregator.Add(frames.Span, header);
            frames = frames[header.FrameBytes..];
        }
        _countedPosition = batch.EndPosition;
    }

    private async ValueTask CommitAsync()
    {
        await _aggregator.FoldAsync(CancellationToken.None);
        var counted = _aggregator.Pending;
        var commit = _aggregator.Take(_countedPosition);
        await lease.CommitAsync(commit, CancellationToken.None);
        metrics.Aggregated(counted);
        feed.Publish(new LiveUpdate(
            lease.Shard,
            [.. commit.Intervals
                .Where(x => x.Interval.Resolution == Resolution.Second)
                .Select(x => x.Interval.StartTicks)],
            Newest(commit.NewestTrades)));
        _aggregator.Committed();
    }

    private static List<Trade> Newest(IReadOnlyList<RecordBlock> blocks)
    {
        var trades = new List<Trade>();
        for (var i = blocks.Count - 1; i >= 0 && trades.Count < LiveTrades; i--)
        {
            var ofBlock = new List<Trade>();
            foreach (var record in Tail(blocks[i].Records.Span, LiveTrades - trades.Count))
                ofBlock.Add(record.ToTrade(blocks[i].ReceivedAtTicks));
            trades.InsertRange(0, ofBlock);
        }
        return trades;
    }

    private static TradeFrame.RecordEnumerator Tail(ReadOnlySpan<byte> records, int count)
    {
        var total = 0;
        foreach (var _ in new TradeFrame.RecordEnumerator(records))
            total++;
        var tail = new TradeFrame.RecordEnumerator(records);
        for (; total > count; total--)
            _ = tail.MoveNext();
        return tail;
    }

    private async Task DrainAsync()
    {
        var started = time.GetTimestamp();
        while (!await PassAsync(CancellationToken.None))
        {
            if (time.GetElapsedTime(started) > DrainLimit)
            {
                Log.DrainCutShort(logger, lease.Shard);
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information,
            "Shard {Shard} was not counted to its end in time; the next start goes on from there")]
        public static partial void DrainCutShort(ILogger logger, int shard);
    }
}
