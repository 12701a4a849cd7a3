using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Cells;
using TradeProcessor.Worker;

namespace TradeProcessor.Tests.Unit.Counting;

/// <summary>
/// Tables of one interval serve the next ones: what is allocated for an interval is far less than
/// a table, however many there were.
/// </summary>
public sealed class TableReuseTests(ITestOutputHelper output)
{
    private const int WarmUp = 10;
    private const int Intervals = 40;

    private readonly SampleFrames _sample = new(51);

    // All pairs and countries of the sample, some 250.
    private List<Cell> Cells() =>
    [
        .. Enumerable.Range(0, 5000)
            .Select(_ => CellOf(new TradeRecord(_sample.Record())))
            .DistinctBy(cell => cell.Key),
    ];

    private static Cell CellOf(TradeRecord record) => new()
    {
        Key = new CellKey(record.Pair, record.Country),
        Value = Aggregate.Of(record.AmountSell, record.AmountBuy, record.Rate, 1),
    };

    /// <summary>Bytes that a new table takes until it holds all cells.</summary>
    private long TableBytes()
    {
        var cells = Cells();
        _ = Fill(cells);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Fill(cells);
        return GC.GetAllocatedBytesForCurrentThread() - before;

        static CellTable Fill(List<Cell> cells)
        {
            var table = new CellTable();
            foreach (var cell in cells)
                table[table.FindOrAdd(cell.Key)] = cell.Value;
            return table;
        }
    }

    [Fact]
    public void Worker_GoingThroughSeconds_AllocatesNoTables()
    {
        var aggregator = new Aggregator(new CellsLease(), maxCellsPerInterval: 1000, newestTrades: 1);
        var frames = Enumerable.Range(0, WarmUp + Intervals)
            .Select(i => _sample.Frame(
                1500, SampleFrames.StartTicks + i * TimeSpan.TicksPerSecond))
            .ToList();
        AssertLess(i =>
        {
            Assert.Equal(FrameStatus.Whole, TradeFrame.Read(frames[i], out var header));
            aggregator.Add(frames[i], header);
            var folding = aggregator.FoldAsync(CancellationToken.None).AsTask();
            Assert.True(folding.IsCompletedSuccessfully);
            Assert.NotEmpty(aggregator.Take(i).Intervals);
            aggregator.Committed();
        });
    }

    [Fact]
    public void Store_GoingThroughSeconds_AllocatesNoTables()
    {
        var store = new ResolutionCells(Resolution.Second);
        var cells = Cells();
        AssertLess(i =>
        {
            var open = store.Open(SampleFrames.StartTicks + i * TimeSpan.TicksPerSecond);
            for (var place = 0; place < cells.Count; place++)
                _ = open.Set(cells[place], place);
        });
    }

    /// <param name="passInterval">Goes through the interval of that number.</param>
    private void AssertLess(Action<int> passInterval)
    {
        for (var i = 0; i < WarmUp; i++)
            passInterval(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = WarmUp; i < WarmUp + Intervals; i++)
            passInterval(i);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Intervals;
        var table = TableBytes();
        output.WriteLine($"{bytes} bytes an interval; a table would be {table}");
        Assert.True(bytes < table / 2, $"{bytes} bytes an interval; a table would be {table}");
    }
}
