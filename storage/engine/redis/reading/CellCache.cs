using System.Diagnostics.CodeAnalysis;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Cells;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>Names the cells that one shard has of an interval.</summary>
internal readonly record struct CellPlace(int Shard, IntervalKey Interval);

/// <summary>
/// Cells that were read before, up to so many bytes; then those that were not asked for the longest
/// go. The stamp that stands with them was read before they were: they may be newer than it, but
/// then the next stamp is another one and they are read again.
/// </summary>
internal sealed class CellCache(long capacityBytes)
{
    // Of an entry beside its packed cells: objects, list node and place in the table.
    private const int EntryBytes = 400;

    private readonly Lock _gate = new();
    private readonly Dictionary<CellPlace, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new(); // the newest use first

    private readonly record struct Entry(CellPlace Place, IntervalStamp Stamp, CellBlock Block)
    {
        public long Bytes => EntryBytes + Block.Packed.Length;
    }

    /// <summary>Never above the capacity.</summary>
    public long Bytes { get; private set; }

    public bool TryGet(
        CellPlace place, IntervalStamp stamp, [NotNullWhen(true)] out CellBlock? block)
    {
        lock (_gate)
        {
            block = null;
            if (!_entries.TryGetValue(place, out var node) || node.Value.Stamp != stamp)
                return false;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            block = node.Value.Block;
            return true;
        }
    }

    public void Put(CellPlace place, IntervalStamp stamp, CellBlock block)
    {
        var entry = new Entry(place, stamp, block);
        lock (_gate)
        {
            if (_entries.TryGetValue(place, out var before))
                Remove(before);
            if (entry.Bytes > capacityBytes)
                return;
            while (Bytes + entry.Bytes > capacityBytes)
                Remove(_byUse.Last!);
            _entries.Add(place, _byUse.AddFirst(entry));
            Bytes += entry.Bytes;
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _ = _entries.Remove(node.Value.Place);
        Bytes -= node.Value.Bytes;
    }
}
