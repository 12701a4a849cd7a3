using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Cells;

/// <summary>An interval whose cells still change.</summary>
internal sealed class OpenInterval(long startTicks)
{
    private readonly CellTable _cells = new();

    public long StartTicks { get; private set; } = startTicks;

    /// <summary>Trades in all its cells.</summary>
    public long Trades { get; private set; }

    public static OpenInterval From(CellBlock block)
    {
        var open = new OpenInterval(block.StartTicks);
        var reader = block.Read();
        while (reader.MoveNext(out var cell))
            _ = open.Set(cell);
        return open;
    }

    /// <summary>Makes it another interval, in the same memory.</summary>
    public void Restart(long startTicks)
    {
        StartTicks = startTicks;
        Trades = 0;
        _cells.Clear();
    }

    /// <summary>Puts the cell's value in place of the one before. True where the key is new.</summary>
    /// <param name="likelyPlace">Where it probably stands; a wrong guess is as none.</param>
    public bool Set(in Cell cell, int likelyPlace = -1)
    {
        var before = _cells.Count;
        ref var value = ref _cells[_cells.FindOrAdd(cell.Key, likelyPlace)];
        Trades += cell.Value.Count - value.Count;
        value = cell.Value;
        return _cells.Count > before;
    }

    public CellBlock Pack() => CellBlock.Pack(StartTicks, _cells.Cells);

    public List<Cell> ToList() => [.. _cells.Cells];
}
