using TradeProcessor.Contracts;

namespace TradeProcessor.Worker;

/// <summary>
/// What was counted since the last fold, of one second. Keys stay from fold to fold, so that those
/// who merge it look a key up once a second: a key's place here is what they remember.
/// </summary>
internal sealed class PendingCells
{
    // Look-ups of so many trades go before their additions: they wait for memory together, and
    // not each for itself.
    private const int Ahead = 32;

    private readonly CellTable _cells = new();
    private int[] _touched = new int[64];
    private int _touchedCount;

    /// <summary>Grows when places begin to mean other keys.</summary>
    public int Generation { get; private set; } = 1;

    /// <summary>Number of keys, with and without trades since the last fold.</summary>
    public int KeyCount => _cells.Count;

    public bool IsEmpty => _touchedCount == 0;

    /// <summary>All cells by their place.</summary>
    public ReadOnlySpan<Cell> Cells => _cells.Cells;

    /// <summary>Places of the cells that have trades, in the order in which they came.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _touchedCount);

    /// <summary>Adds records one after the other, each a tick later than the last.</summary>
    public void Add(ReadOnlySpan<byte> records, long atTicks)
    {
        Span<int> places = stackalloc int[Ahead];
        while (!records.IsEmpty)
        {
            int count = 0, end = 0;
            for (; count < Ahead && end < records.Length; count++)
            {
                var record = new TradeRecord(records[end..]);
                places[count] = _cells.FindOrAdd(new CellKey(record.Pair, record.Country));
                end += record.Bytes.Length;
            }
            Add(records[..end], places, atTicks);
            atTicks += count;
            records = records[end..];
        }
    }

    /// <summary>All trades merged.</summary>
    public Aggregate Total()
    {
        var total = default(Aggregate);
        foreach (var place in Touched)
            total.Merge(_cells[place]);
        return total;
    }

    /// <summary>Forgets the trades.</summary>
    public void Clear()
    {
        foreach (var place in Touched)
            _cells[place] = default;
        _touchedCount = 0;
    }

    /// <summary>Forgets trades and keys.</summary>
    public void Restart()
    {
        _cells.Clear();
        _touchedCount = 0;
        Generation++;
    }

    private void Add(ReadOnlySpan<byte> records, ReadOnlySpan<int> places, long atTicks)
    {
        if (_touched.Length < _cells.Count)
            Array.Resize(ref _touched, Math.Max(_cells.Count, 2 * _touched.Length));
        var i = 0;
        foreach (var record in new TradeFrame.RecordEnumerator(records))
        {
            ref var cell = ref _cells[places[i]];
            if (cell.Count == 0)
                _touched[_touchedCount++] = places[i];
            cell.Add(record.AmountSell, record.AmountBuy, record.Rate, atTicks++);
            i++;
        }
    }
}
