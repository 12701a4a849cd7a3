using TradeProcessor.Load.Generation;

namespace TradeProcessor.Load.Verifying;

/// <summary>What this client knows of its own trades, by cell. Not thread-safe.</summary>
internal sealed class Ledger
{
    private readonly long[] _counts = new long[Trade.Cells];
    private readonly Int128[] _sellCents = new Int128[Trade.Cells];
    private readonly Int128[] _buyCents = new Int128[Trade.Cells];

    public long Count { get; private set; }

    public void Add(in Trade trade)
    {
        var cell = trade.Cell;
        _counts[cell]++;
        _sellCents[cell] += trade.SellCents;
        _buyCents[cell] += trade.BuyCents;
        Count++;
    }

    public void Add(Ledger other)
    {
        for (var cell = 0; cell < _counts.Length; cell++)
        {
            _counts[cell] += other._counts[cell];
            _sellCents[cell] += other._sellCents[cell];
            _buyCents[cell] += other._buyCents[cell];
        }

        Count += other.Count;
    }

    /// <summary>Cells that are not empty, named as the service names them.</summary>
    public Dictionary<CellName, CellSum> ToCells()
    {
        var cells = new Dictionary<CellName, CellSum>();
        for (var cell = 0; cell < _counts.Length; cell++)
        {
            if (_counts[cell] == 0)
                continue;
            var (pair, country) = Trade.NameOf(cell);
            cells[new CellName(pair, country)] = new CellSum(
                _counts[cell],
                Amount.FromCents(_sellCents[cell]),
                Amount.FromCents(_buyCents[cell]));
        }

        return cells;
    }
}
