using TradeProcessor.Contracts;

namespace TradeProcessor.Worker;

/// <summary>
/// The cells of one interval that the worker still adds to, and which of them changed since the
/// last commit.
/// </summary>
internal sealed class OpenCells
{
    private readonly int _maxCells;
    private readonly CellTable _cells = new();
    private readonly List<int> _changed = [];
    private bool[] _isChanged = new bool[64];
    private Cell[] _committing = [];
    private Aggregate _total;

    /// <param name="committed">The interval's cells as the store has them.</param>
    public OpenCells(IntervalKey interval, int maxCells, IReadOnlyList<Cell> committed)
    {
        Interval = interval;
        _maxCells = maxCells;
        foreach (var cell in committed)
        {
            _cells[_cells.FindOrAdd(cell.Key)] = cell.Value;
            _total.Merge(cell.Value);
        }
    }

    public IntervalKey Interval { get; }

    public bool HasChanges => _changed.Count > 0;

    public void Merge(ReadOnlySpan<Cell> cells)
    {
        foreach (ref readonly var cell in cells)
        {
            var place = _cells.Find(cell.Key);
            if (place < 0)
                place = _cells.FindOrAdd(_cells.Count < _maxCells ? cell.Key : CellKey.Other);
            _cells[place].Merge(cell.Value);
            _total.Merge(cell.Value);
            MarkChanged(place);
        }
    }

    /// <summary>The changed cells in their absolute value; valid until the next call.</summary>
    public IntervalCells TakeChanges(bool isClosing)
    {
        if (_committing.Length < _changed.Count)
            _committing = new Cell[Math.Max(_changed.Count, 2 * _committing.Length)];
        for (var i = 0; i < _changed.Count; i++)
        {
            _committing[i] = _cells.Cells[_changed[i]];
            _isChanged[_changed[i]] = false;
        }
        var taken = new IntervalCells(
            Interval,
            _committing.AsMemory(0, _changed.Count),
            _cells.CellMemory,
            _total,
            isClosing);
        _changed.Clear();
        return taken;
    }

    private void MarkChanged(int place)
    {
        if (place >= _isChanged.Length)
            Array.Resize(ref _isChanged, Math.Max(place + 1, 2 * _isChanged.Length));
        if (_isChanged[place])
            return;
        _isChanged[place] = true;
        _changed.Add(place);
    }
}
