namespace TradeProcessor.Contracts;

/// <summary>A key and what was counted for it.</summary>
public struct Cell
{
    public CellKey Key;
    public Aggregate Value;
}

/// <summary>
/// Cells of one interval: an open-addressing index over entries that stay in the order in which
/// their keys came. That order is what makes the choice of overflow cells repeatable. Not
/// thread-safe.
/// </summary>
public sealed class CellTable
{
    private const int InitialCapacity = 64;

    private Cell[] _cells = new Cell[InitialCapacity];
    private int[] _index = new int[2 * InitialCapacity]; // place in _cells plus one; 0 is free

    public int Count { get; private set; }

    /// <summary>The entries in the order in which their keys came.</summary>
    public Span<Cell> Cells => _cells.AsSpan(0, Count);

    /// <inheritdoc cref="Cells"/>
    public ReadOnlyMemory<Cell> CellMemory => _cells.AsMemory(0, Count);

    /// <summary>The place of the key's entry, added with an empty aggregate where it is new.</summary>
    public int FindOrAdd(in CellKey key)
    {
        var slot = FindSlot(key);
        return _index[slot] != 0 ? _index[slot] - 1 : Add(key, slot);
    }

    /// <summary>The place of the key's entry, or -1.</summary>
    public int Find(in CellKey key) => _index[FindSlot(key)] - 1;

    public ref Aggregate this[int place] => ref _cells[place].Value;

    public void Clear()
    {
        Array.Clear(_index);
        Count = 0;
    }

    private int FindSlot(in CellKey key)
    {
        var index = _index;
        var mask = index.Length - 1;
        var slot = key.GetHashCode() & mask;
        while (true)
        {
            var place = index[slot];
            if (place == 0 || _cells[place - 1].Key.Equals(key))
                return slot;
            slot = slot + 1 & mask;
        }
    }

    private int Add(in CellKey key, int slot)
    {
        if (Count == _cells.Length)
        {
            Grow();
            slot = FindSlot(key);
        }
        _cells[Count] = new Cell { Key = key };
        _index[slot] = ++Count;
        return Count - 1;
    }

    private void Grow()
    {
        Array.Resize(ref _cells, 2 * _cells.Length);
        _index = new int[2 * _cells.Length];
        var mask = _index.Length - 1;
        for (var place = 0; place < Count; place++)
        {
            var slot = _cells[place].Key.GetHashCode() & mask;
            while (_index[slot] != 0)
                slot = slot + 1 & mask;
            _index[slot] = place + 1;
        }
    }
}
