using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Files;
using TradeProcessor.Worker;

namespace TradeProcessor.Bench;

/// <summary>
/// What the worker does with frames, without its waits: count, fold, take, and either forget it or
/// put it into the store. A frame is received each millisecond.
/// </summary>
internal sealed class CountingLoop : IShardLease
{
    private const int MaxCells = 50_000;
    private const int NewestTrades = 10_000;

    /// <summary>The defaults of the worker.</summary>
    public static readonly CellRetention Retention = new(
        TimeSpan.FromMinutes(20), TimeSpan.FromHours(26), TimeSpan.FromDays(32), TimeSpan.FromDays(3650));

    private readonly byte[][] _frames;
    private readonly FrameHeader[] _headers;
    private readonly int _framesPerCommit;
    private readonly FileStore? _store;
    private readonly Aggregator _aggregator;
    private long _nowTicks = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private long _framesCounted;

    public CountingLoop(byte[][] frames, int framesPerCommit, bool stores)
    {
        _frames = frames;
        _headers = [.. frames.Select(frame =>
            TradeFrame.ReadHeader(frame, out var header) == FrameStatus.Whole
                ? header
                : throw new InvalidOperationException("The frame is damaged."))];
        _framesPerCommit = framesPerCommit;
        _store = stores
            ? new FileStore(Guid.NewGuid(), null, new StorageOptions(), Retention, TimeProvider.System)
            : null;
        _aggregator = new Aggregator(this, MaxCells, NewestTrades);
    }

    public int Shard => 0;

    public long Position => 0;

    public long AggregatedTotal => 0;

    public CancellationToken Ending => CancellationToken.None;

    public void Run(int repeats)
    {
        for (var done = 0; done < repeats; done += Count())
        {
        }
    }

    private int Count()
    {
        var place = _framesCounted++ % _frames.Length;
        var header = _headers[place] with { ReceivedAtTicks = _nowTicks += TimeSpan.TicksPerMillisecond };
        if (_aggregator.MustFold(header))
            Fold();
        _aggregator.Add(_frames[place], header);
        if (_framesCounted % _framesPerCommit == 0)
        {
            Fold();
            var commit = _aggregator.Take(_framesCounted);
            _store?.Apply(commit);
            _aggregator.Committed();
        }
        return header.Count;
    }

    // What it waits for is in memory: it has completed.
    private void Fold()
    {
        var folding = _aggregator.FoldAsync(CancellationToken.None);
        if (!folding.IsCompletedSuccessfully)
            throw new InvalidOperationException("The fold did not complete.");
    }

    public ValueTask<IReadOnlyList<Cell>> LoadAsync(
        IntervalKey interval, CancellationToken cancellation) =>
        ValueTask.FromResult(_store?.Load(interval) ?? []);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    void IShardLease.Rewind() => throw new NotSupportedException();

    ValueTask<int> IShardLease.FailedAsync(string reason, CancellationToken cancellation) =>
        throw new NotSupportedException();

    ValueTask IShardLease.WaitAsync(CancellationToken cancellation) =>
        throw new NotSupportedException();

    ValueTask<LogBatch> IShardLease.ReadAsync(CancellationToken cancellation) =>
        throw new NotSupportedException();

    ValueTask IShardLease.CommitAsync(ShardCommit commit, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
