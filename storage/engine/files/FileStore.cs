using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Cells;
using TradeProcessor.Storage.Engine.Recent;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>
/// Cells, newest trades and the log position up to which they count, in memory; a commit changes
/// them under one lock, so whoever reads or takes a snapshot sees all of a commit or nothing.
/// </summary>
internal sealed class FileStore : ITradeStore
{
    private const int RateSeconds = 5;

    private readonly Lock _gate = new();
    private readonly Guid _journalId;
    private readonly CellRetention _retention;
    private readonly long _cellBytes;
    private readonly TimeProvider _time;
    private readonly RejectRing _rejects;
    private readonly RecentTrades _trades;
    private readonly ResolutionCells[] _cells =
        [.. Resolutions.All.ToArray().Select(resolution => new ResolutionCells(resolution))];
    private readonly HashSet<CurrencyPair> _pairs = [];
    private readonly HashSet<CountryCode> _countries = [];

    private long _position;
    private long _logTimeTicks;
    private long _sinceTicks;
    private long _aggregatedTotal;
    private long _backlogSinceTicks;
    private long _loggedPosition;

    public FileStore(
        Guid journalId,
        StoreState? state,
        StorageOptions options,
        CellRetention retention,
        TimeProvider time)
    {
        _journalId = journalId;
        _retention = retention;
        _cellBytes = options.CellBytes;
        _time = time;
        _rejects = new RejectRing(options.RecentRejects);
        _trades = new RecentTrades(options.RecentTrades);
        if (state is not null)
            Restore(state);
    }

    public IRejectLog Rejects => _rejects;

    public long RejectedTotal => _rejects.Total;

    /// <summary>Log position behind the last trade that is counted.</summary>
    public long Position
    {
        get
        {
            lock (_gate)
                return _position;
        }
    }

    public long AggregatedTotal
    {
        get
        {
            lock (_gate)
                return _aggregatedTotal;
        }
    }

    /// <summary>Hears of each flushed frame, to know how far behind the cells are.</summary>
    public void Logged(long endPosition, long receivedAtTicks)
    {
        lock (_gate)
        {
            if (_loggedPosition <= _position)
                _backlogSinceTicks = receivedAtTicks;
            _loggedPosition = endPosition;
        }
    }

    public IReadOnlyList<Cell> Load(IntervalKey interval)
    {
        lock (_gate)
            return _cells[(int)interval.Resolution].Find(interval.StartTicks);
    }

    public void Apply(ShardCommit commit)
    {
        lock (_gate)
        {
            foreach (var changed in commit.Intervals)
                Apply(changed);
            foreach (var block in commit.NewestTrades)
                _trades.Add(block);
            if (_sinceTicks == 0)
                _sinceTicks = commit.FirstTimeTicks;
            _position = commit.EndPosition;
            if (commit.LogTimeTicks > 0)
                _logTimeTicks = commit.LogTimeTicks;
            _aggregatedTotal = commit.AggregatedTotal;
            Trim();
        }
    }

    /// <summary>All but the idempotency keys, of which it does not know.</summary>
    public StoreState Capture()
    {
        lock (_gate)
        {
            return new StoreState(
                _journalId,
                _position,
                _logTimeTicks,
                _sinceTicks,
                _aggregatedTotal,
                [.. _cells.Select(cells => cells.Blocks(0, long.MaxValue))],
                _trades.ToBlocks(),
                _rejects.Report(int.MaxValue),
                []);
        }
    }

    public ValueTask<StoreSummary> SummaryAsync(CancellationToken cancellation)
    {
        var now = _time.GetUtcNow().UtcTicks;
        var second = Resolution.Second.StartOf(now);
        lock (_gate)
        {
            var behindSince = Math.Max(_logTimeTicks, _backlogSinceTicks);
            var lag = _loggedPosition > _position
                ? Math.Max(0, now - behindSince) / (double)TimeSpan.TicksPerSecond
                : 0;
            var trades = _cells[(int)Resolution.Second]
                .CountTrades(second - RateSeconds * TimeSpan.TicksPerSecond, second);
            return ValueTask.FromResult(new StoreSummary(
                _journalId.ToString("N"),
                _aggregatedTotal,
                _rejects.Total,
                _pairs.Count,
                _countries.Count,
                lag,
                trades / (double)RateSeconds,
                _sinceTicks == 0 ? null : new DateTime(_sinceTicks, DateTimeKind.Utc)));
        }
    }

    public ValueTask<IReadOnlyList<Series>> QueryAsync(
        AggregateQuery query, CancellationToken cancellation)
    {
        List<CellBlock> blocks;
        lock (_gate)
            blocks = _cells[(int)query.Resolution].Blocks(query.FromTicks, query.ToTicks);
        return ValueTask.FromResult(SeriesBuilder.Build(query, blocks, cancellation));
    }

    public ValueTask<IReadOnlyList<Trade>> TradesAsync(
        TradeQuery query, CancellationToken cancellation)
    {
        lock (_gate)
            return ValueTask.FromResult<IReadOnlyList<Trade>>(_trades.Find(query));
    }

    public ValueTask<RejectReport> RejectsAsync(int limit, CancellationToken cancellation) =>
        ValueTask.FromResult(_rejects.Report(limit));

    private void Apply(IntervalCells changed)
    {
        var interval = changed.Interval;
        var cells = changed.Cells.Span;
        if (cells.IsEmpty)
            return;
        var open = _cells[(int)interval.Resolution].Open(interval.StartTicks);
        // The worker's cells and these had the same keys in the same order.
        var places = changed.Places.Span;
        for (var i = 0; i < cells.Length; i++)
        {
            var isNew = open.Set(cells[i], i < places.Length ? places[i] : -1);
            if (isNew && interval.Resolution == Resolution.Day)
                Meet(cells[i].Key);
        }
    }

    private void Meet(in CellKey key)
    {
        if (key == CellKey.Other)
            return;
        _ = _pairs.Add(key.Pair);
        _ = _countries.Add(key.Country);
    }

    /// <summary>By age first; then, where memory runs out, the oldest of the finest go.</summary>
    private void Trim()
    {
        foreach (var cells in _cells)
            cells.DropBefore(_logTimeTicks - _retention.For(cells.Resolution).Ticks);
        var excess = _cells.Sum(cells => cells.PackedBytes) - _cellBytes;
        for (var i = 0; i < _cells.Length && excess > 0; i++)
        {
            var before = _cells[i].PackedBytes;
            _cells[i].DropDownTo(Math.Max(0, before - excess));
            excess -= before - _cells[i].PackedBytes;
        }
    }

    private void Restore(StoreState state)
    {
        _position = state.Position;
        _loggedPosition = state.Position;
        _logTimeTicks = state.LogTimeTicks;
        _sinceTicks = state.SinceTicks;
        _aggregatedTotal = state.AggregatedTotal;
        for (var i = 0; i < _cells.Length; i++)
        {
            foreach (var block in state.Blocks[i])
                _cells[i].Add(block);
        }
        foreach (var block in state.Blocks[(int)Resolution.Day])
        {
            var reader = block.Read();
            while (reader.MoveNext(out var cell))
                Meet(cell.Key);
        }
        foreach (var block in state.Trades)
            _trades.Add(block);
        _rejects.Restore(state.Rejects);
    }
}
