using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Counting;

/// <summary>The oracle: each trade is merged into its four cells, one at a time.</summary>
internal sealed class PlainCounting(int maxCells)
{
    private readonly Dictionary<IntervalKey, Dictionary<CellKey, Aggregate>> _intervals = [];

    public void Add(ReadOnlySpan<byte> frame, in FrameHeader header)
    {
        var at = header.ReceivedAtTicks;
        foreach (var record in TradeFrame.Records(frame, header))
        {
            var trade = Aggregate.Of(record.AmountSell, record.AmountBuy, record.Rate, at++);
            var key = new CellKey(record.Pair, record.Country);
            foreach (var resolution in Resolutions.All)
            {
                var start = resolution.StartOf(header.ReceivedAtTicks);
                Add(new IntervalKey(resolution, start), key, trade);
            }
        }
    }

    public List<string> Lines() => Lines(_intervals);

    public static List<string> Lines(
        Dictionary<IntervalKey, Dictionary<CellKey, Aggregate>> intervals) =>
    [
        .. intervals
            .OrderBy(interval => interval.Key.Resolution)
            .ThenBy(interval => interval.Key.StartTicks)
            .SelectMany(interval => interval.Value
                .OrderBy(cell => cell.Key)
                .Select(cell => $"{interval.Key} {cell.Key} {Text(cell.Value)}")),
    ];

    private static string Text(Aggregate value) =>
        $"{value.Count} {value.SellUnits} {value.BuyUnits} "
        + $"{value.Open} {value.Close} {value.High} {value.Low}";

    private void Add(IntervalKey interval, CellKey key, in Aggregate trade)
    {
        if (!_intervals.TryGetValue(interval, out var cells))
            _intervals.Add(interval, cells = []);
        if (!cells.ContainsKey(key) && cells.Count >= maxCells)
            key = CellKey.Other;
        var merged = cells.GetValueOrDefault(key);
        merged.Merge(trade);
        cells[key] = merged;
    }
}
