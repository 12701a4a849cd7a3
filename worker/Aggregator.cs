using TradeProcessor.Contracts;

namespace TradeProcessor.Worker;

/// <summary>
/// Counts the frames of one shard. Each trade is added to one table, that of its second; the table
/// is folded into the cells of all four resolutions once a commit, so a trade costs one look-up.
/// Cells that the worker does not have yet are loaded from the store: a new owner of a shard
/// begins with an empty aggregator.
/// </summary>
internal sealed class Aggregator(IShardLease lease, int maxCellsPerInterval, int newestTrades)
{
    // The current interval and the one before it, for frames of several producers that cross its
    // end. Older ones are loaded again in the rare case that they are needed.
    private const int OpenIntervals = 2;

    private readonly PendingCells _second = new();
    private readonly List<OpenCells> _open = [];
    private readonly List<OpenCells> _closing = []; // with changes or not, until the next commit
    // Closed and committed: tables of each second anew are large objects, and collecting those means
    // to look at all there are.
    private readonly Stack<OpenCells> _spare = [];
    private readonly NewestRecords _newest = new(newestTrades);
    private long _secondStartTicks;
    private long _total = lease.AggregatedTotal;
    private long _firstTimeTicks;
    private long _logTimeTicks;

    /// <summary>Trades added since the last commit.</summary>
    public long Pending { get; private set; }

    /// <summary>Whether the table must be folded before this frame can be added.</summary>
    public bool MustFold(in FrameHeader header) =>
        Resolution.Second.StartOf(header.ReceivedAtTicks) != _secondStartTicks
        || _second.KeyCount >= maxCellsPerInterval;

    public void Add(ReadOnlySpan<byte> frame, in FrameHeader header)
    {
        if (_second.IsEmpty)
            BeginSecond(Resolution.Second.StartOf(header.ReceivedAtTicks));
        // Trades of a frame keep their order: each is a tick later than the one before it.
        var records = frame.Slice(TradeFrame.HeaderBytes, header.RecordBytes);
        _second.Add(records, header.ReceivedAtTicks);
        _newest.Add(header, frame[TradeFrame.HeaderBytes..]);
        if (_firstTimeTicks == 0)
            _firstTimeTicks = header.ReceivedAtTicks;
        _logTimeTicks = header.ReceivedAtTicks;
        Pending += header.Count;
        _total += header.Count;
    }

    /// <summary>Moves what was added into the cells of all resolutions.</summary>
    public async ValueTask FoldAsync(CancellationToken cancellation)
    {
        if (_second.IsEmpty)
            return;
        var total = _second.Total();
        for (var i = 0; i < Resolutions.Count; i++)
        {
            var resolution = (Resolution)i;
            var interval = new IntervalKey(resolution, resolution.StartOf(_secondStartTicks));
            var cells = Find(interval) ?? await OpenAsync(interval, cancellation);
            cells.Merge(_second, total);
        }
        _second.Clear();
    }

    /// <summary>
    /// What is to be committed. Valid until <see cref="Committed"/> is called, which must be after
    /// it was.
    /// </summary>
    public ShardCommit Take(long endPosition)
    {
        var intervals = new List<IntervalCells>();
        foreach (var cells in _closing)
            intervals.Add(cells.TakeChanges(isClosing: true));
        foreach (var cells in _open)
        {
            if (cells.HasChanges)
                intervals.Add(cells.TakeChanges(isClosing: false));
        }
        return new ShardCommit(
            endPosition, _firstTimeTicks, _logTimeTicks, _total, intervals, _newest.Blocks);
    }

    public void Committed()
    {
        foreach (var cells in _closing)
        {
            if (_spare.Count < Resolutions.Count)
                _spare.Push(cells);
        }
        _closing.Clear();
        _newest.Clear();
        _firstTimeTicks = 0;
        _logTimeTicks = 0;
        Pending = 0;
    }

    // Keys of the last second and those of a full table are of no use any more.
    private void BeginSecond(long startTicks)
    {
        if (startTicks == _secondStartTicks && _second.KeyCount < maxCellsPerInterval)
            return;
        _second.Restart();
        _secondStartTicks = startTicks;
    }

    private OpenCells? Find(IntervalKey interval) =>
        _open.Find(cells => cells.Interval == interval);

    private async ValueTask<OpenCells> OpenAsync(
        IntervalKey interval, CancellationToken cancellation)
    {
        // What was closed since the last commit is not in the store yet.
        var opened = _closing.Find(cells => cells.Interval == interval);
        if (opened is null)
        {
            var committed = await lease.LoadAsync(interval, cancellation);
            opened = _spare.TryPop(out var spare) ? spare : new OpenCells(maxCellsPerInterval);
            opened.Begin(interval, committed);
        }
        _ = _closing.Remove(opened);
        var ofResolution = _open.Where(x => x.Interval.Resolution == interval.Resolution).ToList();
        if (ofResolution.Count >= OpenIntervals)
        {
            var oldest = ofResolution.MinBy(x => x.Interval.StartTicks)!;
            _closing.Add(oldest);
            _ = _open.Remove(oldest);
        }
        _open.Add(opened);
        return opened;
    }
}
