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

    // Low half: place in _cells plus one, 0 is free. High half: the key's hash, so that a walk past
    // other keys does not touch their cells.
    private ulong[] _index = new ulong[2 * InitialCapacity];

    public int Count { get; private set; }

    /// <summary>The entries in the order in which their keys came.</summary>
    public Span<Cell> Cells => _cells.AsSpan(0, Count);

    /// <inheritdoc cref="Cells"/>
    public ReadOnlyMemory<Cell> CellMemory => _cells.AsMemory(0, Count);

    /// <summary>The place of the key's entry, added with an empty aggregate where it is new.</summary>
    public int FindOrAdd(in CellKey key)
    {
        var slot = FindSlot(key);
        var entry = _index[slot];
        return entry != 0 ? PlaceOf(entry) : Add(key, slot);
    }

    /// <summary>The same, looking at one place first: a right guess costs no look-up.</summary>
    public int FindOrAdd(in CellKey key, int likelyPlace) =>
        (uint)likelyPlace < (uint)Count && _cells[likelyPlace].Key.Equals(key)
            ? likelyPlace
            : FindOrAdd(key);

    /// <summary>The place of the key's entry, or -1.</summary>
    public int Find(in CellKey key) => PlaceOf(_index[FindSlot(key)]);

    public ref Aggregate this[int place] => ref _cells[place].Value;

    public void Clear()
    {
        Array.Clear(_index);
        Count = 0;
    }

    private static int PlaceOf(ulong entry) => (int)(uint)entry - 1;

    private int FindSlot(in CellKey key)
    {
        var index = _index;
        var mask = index.Length - 1;
        var hash = (uint)key.GetHashCode();
        var slot = (int)hash & mask;
        while (true)
        {
            var entry = index[slot];
            if (entry == 0
                || ((uint)(entry >> 32) == hash && _cells[PlaceOf(entry)].Key.Equals(key)))
            {
                return slot;
            }
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
        _index[slot] = Entry(key, Count);
        return Count++;
    }

    private static ulong Entry(in CellKey key, int place) =>
        (ulong)(uint)key.GetHashCode() << 32 | (uint)(place + 1);

    private void Grow()
    {
        Array.Resize(ref _cells, 2 * _cells.Length);
        _index = new ulong[2 * _cells.Length];
        var mask = _index.Length - 1;
        for (var place = 0; place < Count; place++)
        {
            var slot = _cells[place].Key.GetHashCode() & mask;
            while (_index[slot] != 0)
                slot = slot + 1 & mask;
            _index[slot] = Entry(_cells[place].Key, place);
        }
    }
}
