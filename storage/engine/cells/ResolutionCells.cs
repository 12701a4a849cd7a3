using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Cells;

/// <summary>
/// The intervals of one resolution: the newest open, the others packed, in ascending order. Not
/// thread-safe; the blocks that it hands out never change.
/// </summary>
internal sealed class ResolutionCells(Resolution resolution)
{
    // Trades come in the order of their receipt, so only the newest interval changes; one more
    // stays open for frames of several producers that cross its end.
    private const int OpenLimit = 2;

    private readonly List<OpenInterval> _open = [];
    private readonly List<CellBlock> _closed = [];

    // The one that was packed last: tables of each second anew are large objects, and collecting
    // those means to look at all there are.
    private OpenInterval? _spare;

    public Resolution Resolution { get; } = resolution;

    /// <summary>Bytes in packed blocks.</summary>
    public long PackedBytes { get; private set; }

    /// <summary>The interval for writing, opened again where it was packed.</summary>
    public OpenInterval Open(long startTicks)
    {
        foreach (var candidate in _open)
        {
            if (candidate.StartTicks == startTicks)
                return candidate;
        }
        var index = IndexOf(startTicks);
        OpenInterval interval;
        if (index < _closed.Count && _closed[index].StartTicks == startTicks)
        {
            interval = OpenInterval.From(_closed[index]);
            PackedBytes -= _closed[index].Packed.Length;
            _closed.RemoveAt(index);
        }
        else
        {
            interval = _spare ?? new OpenInterval(startTicks);
            interval.Restart(startTicks);
            _spare = null;
        }
        _open.Add(interval);
        if (_open.Count > OpenLimit)
            CloseOldest(except: interval);
        return interval;
    }

    /// <summary>The cells of an interval; empty where nothing is known of it.</summary>
    public IReadOnlyList<Cell> Find(long startTicks)
    {
        foreach (var interval in _open)
        {
            if (interval.StartTicks == startTicks)
                return interval.ToList();
        }
        var index = IndexOf(startTicks);
        return index < _closed.Count && _closed[index].StartTicks == startTicks
            ? _closed[index].ToList()
            : [];
    }

    public void Add(CellBlock block)
    {
        _closed.Insert(IndexOf(block.StartTicks), block);
        PackedBytes += block.Packed.Length;
    }

    /// <summary>Blocks that begin in the range, in ascending order. Open intervals are packed.</summary>
    public List<CellBlock> Blocks(long fromTicks, long toTicks)
    {
        var blocks = new List<CellBlock>();
        for (var i = IndexOf(fromTicks); i < _closed.Count && _closed[i].StartTicks < toTicks; i++)
            blocks.Add(_closed[i]);
        foreach (var interval in _open)
        {
            if (interval.StartTicks >= fromTicks && interval.StartTicks < toTicks)
                blocks.Add(interval.Pack());
        }
        blocks.Sort(static (left, right) => left.StartTicks.CompareTo(right.StartTicks));
        return blocks;
    }

    /// <summary>Trades counted in the intervals that begin in the range.</summary>
    public long CountTrades(long fromTicks, long toTicks)
    {
        long trades = 0;
        for (var i = IndexOf(fromTicks); i < _closed.Count && _closed[i].StartTicks < toTicks; i++)
            trades += _closed[i].Total.Count;
        foreach (var interval in _open)
        {
            if (interval.StartTicks >= fromTicks && interval.StartTicks < toTicks)
                trades += interval.Trades;
        }
        return trades;
    }

    /// <summary>Forgets packed intervals that begin before the instant.</summary>
    public void DropBefore(long ticks) => DropOldest(IndexOf(ticks));

    /// <summary>Forgets the oldest packed intervals until no more than so many bytes are left.</summary>
    public void DropDownTo(long bytes)
    {
        var count = 0;
        for (var left = PackedBytes; left > bytes && count < _closed.Count; count++)
            left -= _closed[count].Packed.Length;
        DropOldest(count);
    }

    private void DropOldest(int count)
    {
        for (var i = 0; i < count; i++)
            PackedBytes -= _closed[i].Packed.Length;
        _closed.RemoveRange(0, count);
    }

    private void CloseOldest(OpenInterval except)
    {
        var oldest = _open.Where(interval => interval != except).MinBy(x => x.StartTicks)!;
        _ = _open.Remove(oldest);
        Add(oldest.Pack());
        _spare = oldest;
    }

    /// <summary>Index of the first packed block that begins at or after the instant.</summary>
    private int IndexOf(long startTicks)
    {
        int low = 0, high = _closed.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_closed[middle].StartTicks < startTicks)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
