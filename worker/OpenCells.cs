using TradeProcessor.Contracts;

namespace TradeProcessor.Worker;

/// <summary>
/// The cells of one interval that the worker still adds to, and which of them changed since the
/// last commit.
/// </summary>
/// <param name="maxCells">Past which trades are counted in <see cref="CellKey.Other"/>.</param>
internal sealed class OpenCells(int maxCells)
{
    private readonly CellTable _cells = new();
    private int[] _changed = new int[64];
    private int _changedCount;
    private bool[] _isChanged = new bool[64];
    private Cell[] _committing = [];
    private Aggregate _total;

    // By place in the pending cells: place here, -1 where it was not looked up.
    private int[] _places = [];
    private int _placesGeneration;

    public IntervalKey Interval { get; private set; }

    public bool HasChanges => _changedCount > 0;

    /// <summary>Makes it that interval; what it had been is committed.</summary>
    /// <param name="committed">The interval's cells as the store has them.</param>
    public void Begin(IntervalKey interval, IReadOnlyList<Cell> committed)
    {
        Interval = interval;
        _cells.Clear();
        _total = default;
        Array.Fill(_places, -1);
        foreach (var cell in committed)
        {
            _cells[_cells.FindOrAdd(cell.Key)] = cell.Value;
            _total.Merge(cell.Value);
        }
    }

    /// <param name="total">Of all that is pending.</param>
    public void Merge(PendingCells pending, in Aggregate total)
    {
        FitPlaces(pending);
        var cells = pending.Cells;
        foreach (var from in pending.Touched)
        {
            ref readonly var cell = ref cells[from];
            var place = _places[from];
            if (place < 0)
                _places[from] = place = PlaceOf(cell.Key);
            _cells[place].Merge(cell.Value);
            MarkChanged(place);
        }
        _total.Merge(total);
    }

    /// <summary>The changed cells in their absolute value; valid until the next call.</summary>
    public IntervalCells TakeChanges(bool isClosing)
    {
        if (_committing.Length < _changedCount)
            _committing = new Cell[Math.Max(_changedCount, 2 * _committing.Length)];
        var cells = _cells.Cells;
        for (var i = 0; i < _changedCount; i++)
        {
            _committing[i] = cells[_changed[i]];
            _isChanged[_changed[i]] = false;
        }
        var taken = new IntervalCells(
            Interval,
            _committing.AsMemory(0, _changedCount),
            _cells.CellMemory,
            _total,
            isClosing)
        {
            Places = _changed.AsMemory(0, _changedCount),
        };
        _changedCount = 0;
        return taken;
    }

    private int PlaceOf(in CellKey key)
    {
        var place = _cells.Find(key);
        return place >= 0
            ? place
            : _cells.FindOrAdd(_cells.Count < maxCells ? key : CellKey.Other);
    }

    private void FitPlaces(PendingCells pending)
    {
        if (_placesGeneration != pending.Generation)
            Array.Fill(_places, -1);
        _placesGeneration = pending.Generation;
        var before = _places.Length;
        if (before >= pending.KeyCount)
            return;
        Array.Resize(ref _places, Math.Max(pending.KeyCount, 2 * before));
        Array.Fill(_places, -1, before, _places.Length - before);
    }

    private void MarkChanged(int place)
    {
        if (place >= _isChanged.Length)
        {
            var length = Math.Max(place + 1, 2 * _isChanged.Length);
            Array.Resize(ref _isChanged, length);
            Array.Resize(ref _changed, length);
        }
        if (_isChanged[place])
            return;
        _isChanged[place] = true;
        _changed[_changedCount++] = place;
    }
}
