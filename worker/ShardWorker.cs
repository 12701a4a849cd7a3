using Microsoft.Extensions.Logging;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine;

namespace TradeProcessor.Worker;

/// <summary>
/// Carries one shard from the log into the store:
/// (1) wait for a frame, (2) count what is there, (3) commit cells and position, (4) tell those
/// who watch, (5) rest. A crash between any two of them repeats from the last commit.
/// Where a frame cannot be counted, what was counted since the last commit is thrown away and
/// (6) counted anew, one frame a commit; the frame that fails again and again is kept aside.
/// </summary>
internal sealed partial class ShardWorker(
    IShardLease lease,
    ILiveFeed feed,
    WorkerMetrics metrics,
    WorkerOptions options,
    TimeProvider time,
    ILogger logger)
{
    private const int NewestTrades = 10_000;

    // Enough to get over what passes; the frames behind it wait for half a second.
    private const int MaxAttempts = 5;

    private static readonly TimeSpan AttemptPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(4);

    private Aggregator _aggregator = NewAggregator(lease, options);
    private long _readPosition = lease.Position;
    private long _carefulUntil;
    private long _repeated;
    private TimeSpan _commitTime;
    private CancellationToken _limit;

    /// <summary>Counts until the shard is to be given back, and gives it back.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var stop = stopping.Register(() => limit.CancelAfter(DrainLimit));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, lease.Ending);
        _limit = limit.Token;
        metrics.Owns(1);
        try
        {
            await CountAsync(ending.Token);
            if (stopping.IsCancellationRequested)
                await DrainAsync();
            else
                _ = await CommitReadAsync();
        }
        catch (LeaseLostException exception)
        {
            Log.LeaseLost(logger, lease.Shard, exception.Message);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            Log.DrainCutShort(logger, lease.Shard);
        }
        finally
        {
            metrics.Owns(-1);
            await lease.DisposeAsync();
        }
    }

    /// <summary>
    /// Counts what is in the log now, then commits. True where nothing was left when the log was
    /// last asked.
    /// </summary>
    public ValueTask<bool> PassAsync(CancellationToken cancellation) =>
        lease.Position < _carefulUntil
            ? CarefulPassAsync(cancellation)
            : QuickPassAsync(cancellation);

    private static Aggregator NewAggregator(IShardLease lease, WorkerOptions options) =>
        new(lease, options.MaxCellsPerInterval, NewestTrades);

    private async Task CountAsync(CancellationToken ending)
    {
        try
        {
            while (true)
            {
                await lease.WaitAsync(ending);
                var caughtUp = await PassAsync(ending);
                if (caughtUp)
                    await Task.Delay(Pace.RestAfter(_commitTime, options), time, ending);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
        }
    }

    private async Task DrainAsync()
    {
        while (!await PassAsync(_limit))
            _limit.ThrowIfCancellationRequested();
    }

    private async ValueTask<bool> QuickPassAsync(CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var caughtUp = false;
        while (!caughtUp && time.GetElapsedTime(started) < options.CommitEvery)
        {
            var batch = await lease.ReadAsync(cancellation);
            Failpoint.Reach("after-read");
            // What comes meanwhile is for the next pass: to look for it at once would be to read a
            // few trades at a time, all the time.
            caughtUp = batch.IsLast || batch.EndPosition == _readPosition;
            if (batch.EndPosition == _readPosition)
                break;
            _readPosition = batch.EndPosition;
            if (await AddAsync(batch) is { } reason)
            {
                StartOver(reason);
                return false;
            }
        }
        return await CommitReadAsync() && caughtUp;
    }

    private async ValueTask<bool> CarefulPassAsync(CancellationToken cancellation)
    {
        var batch = await lease.ReadAsync(cancellation);
        if (batch.EndPosition == _readPosition)
            return true;
        _readPosition = batch.EndPosition;
        for (var offset = 0; batch.Damage is null && offset < batch.Frames.Length;)
        {
            var frame = batch.Frames[offset..];
            _ = TradeFrame.ReadHeader(frame.Span, out var header);
            offset += header.FrameBytes;
            var end = batch.PositionAt(offset);
            var reason = await AddAsync(new LogBatch(frame[..header.FrameBytes], end));
            if ((reason ?? await FoldAsync()) is { } failure)
            {
                await FailAsync(end, failure);
                return false;
            }
            await CommitAsync(end);
        }
        if (batch.Damage is { } damage)
            await FailAsync(batch.EndPosition, damage);
        else if (batch.IsEmpty && await AddAsync(batch) is null)
            await CommitAsync(batch.EndPosition);
        return false;
    }

    /// <summary>Adds the frames to the cells; returns why one could not be added.</summary>
    private async ValueTask<string?> AddAsync(LogBatch batch)
    {
        if (batch.Damage is not null)
            return batch.Damage;
        if (batch.IsEmpty)
            _repeated++;
        var frames = batch.Frames;
        try
        {
            while (!frames.IsEmpty)
            {
                if (TradeFrame.ReadHeader(frames.Span, out var header) != FrameStatus.Whole)
                    return "The log handed out what is no frame.";
                if (FrameCheck.FindFault(frames.Span, header) is { } fault)
                    return fault;
                if (_aggregator.MustFold(header))
                    await _aggregator.FoldAsync(_limit);
                _aggregator.Add(frames.Span, header);
                frames = frames[header.FrameBytes..];
            }
        }
        catch (Exception exception) when (IsOfCounting(exception))
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
        Failpoint.Reach("after-count");
        return null;
    }

    private async ValueTask<string?> FoldAsync()
    {
        try
        {
            await _aggregator.FoldAsync(_limit);
        }
        catch (Exception exception) when (IsOfCounting(exception))
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
        Failpoint.Reach("after-fold");
        return null;
    }

    private static bool IsOfCounting(Exception exception) =>
        exception is not (OperationCanceledException or LeaseLostException);

    /// <summary>Commits all that was read. False where it could not be counted.</summary>
    private async ValueTask<bool> CommitReadAsync()
    {
        _commitTime = TimeSpan.Zero;
        if (_readPosition == lease.Position)
            return true;
        var started = time.GetTimestamp();
        if (await FoldAsync() is { } reason)
        {
            StartOver(reason);
            return false;
        }
        await CommitAsync(_readPosition);
        _commitTime = time.GetElapsedTime(started);
        return true;
    }

    private async ValueTask CommitAsync(long endPosition)
    {
        var counted = _aggregator.Pending;
        var commit = _aggregator.Take(endPosition);
        Failpoint.Reach("before-commit");
        await lease.CommitAsync(commit, _limit);
        Failpoint.Reach("after-commit");
        metrics.Aggregated(counted);
        metrics.Repeated(_repeated);
        _repeated = 0;
        if (counted > 0)
        {
            feed.Publish(new LiveUpdate(
                lease.Shard,
                [.. commit.Intervals
                    .Where(x => x.Interval.Resolution == Resolution.Second)
                    .Select(x => x.Interval.StartTicks)],
                LiveTrades.Newest(commit.NewestTrades)));
        }
        Failpoint.Reach("after-publish");
        _aggregator.Committed();
    }

    // Tables may be half changed: what was counted since the last commit is void.
    private void StartOver(string reason)
    {
        Log.StartedOver(logger, lease.Shard, lease.Position, reason);
        _carefulUntil = Math.Max(_carefulUntil, _readPosition);
        Rewind();
    }

    private void Rewind()
    {
        _aggregator = NewAggregator(lease, options);
        _repeated = 0;
        lease.Rewind();
        _readPosition = lease.Position;
    }

    /// <summary>The frame behind the last commit failed: try it again, or keep it aside.</summary>
    private async ValueTask FailAsync(long endPosition, string reason)
    {
        var attempts = await lease.FailedAsync(reason, _limit);
        Log.FrameFailed(logger, lease.Shard, lease.Position, attempts, reason);
        var isDead = attempts >= MaxAttempts && await BuryAsync(endPosition, reason);
        Rewind();
        if (!isDead)
            await Task.Delay(AttemptPause, time, _limit);
    }

    private async ValueTask<bool> BuryAsync(long endPosition, string reason)
    {
        var position = lease.Position;
        try
        {
            var commit = new ShardCommit(
                endPosition, 0, 0, lease.AggregatedTotal, [], [], DeadReason: reason);
            await lease.CommitAsync(commit, _limit);
        }
        catch (IOException exception)
        {
            Log.NotKept(logger, lease.Shard, position, exception.Message);
            return false;
        }
        metrics.Dead();
        Log.FrameDead(logger, lease.Shard, position, reason);
        return true;
    }
}
