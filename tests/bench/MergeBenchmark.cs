using TradeProcessor.Bench.Reporting;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Cells;

namespace TradeProcessor.Bench;

/// <summary>Trades into cells, cells into cells, and cells into few bytes.</summary>
internal static class MergeBenchmark
{
    private const int SampledTrades = 1_000_000;
    private const int TradesPerFrame = 1000;
    private const int FrameCount = 256;

    public static void Run()
    {
        var cells = Cells();
        var block = CellBlock.Pack(0, cells);
        var frames = Enumerable.Range(0, FrameCount)
            .Select(i => SampleTrades.Frame((long)i * TradesPerFrame, TradesPerFrame))
            .ToArray();
        BenchReport.Show(
            "merge",
            Section.OfTimes(
                $"Aggregates: {cells.Length:N0} cells, {SampledTrades:N0} trades",
                "cell",
                Rounds.Measure(
                [
                    new("merge", repeats => Merge(cells, repeats)),
                    new("sort and pack", repeats =>
                    {
                        for (var done = 0; done < repeats; done += cells.Length)
                            _ = CellBlock.Pack(0, cells);
                    }),
                    new("read packed", repeats => Read(block, repeats)),
                ])),
            Section.OfTimes(
                $"The worker: frames of {TradesPerFrame:N0} trades at a million trades a second",
                "trade",
                Rounds.Measure(
                [
                    Counting("counted, a commit every 50 ms", frames, 50, stores: false),
                    Counting("counted and stored, every 50 ms", frames, 50, stores: true),
                    Counting("counted and stored, every 10 ms", frames, 10, stores: true),
                    Counting("counted and stored, every frame", frames, 1, stores: true),
                ])));
        Console.WriteLine($"A packed cell has {block.Packed.Length / (double)block.Count:F1} bytes.");
    }

    private static Contender Counting(
        string name, byte[][] frames, int framesPerCommit, bool stores)
    {
        var counting = new CountingLoop(frames, framesPerCommit, stores);
        return new Contender(name, counting.Run);
    }

    private static Cell[] Cells()
    {
        var table = new CellTable();
        for (var i = 0; i < SampledTrades; i++)
        {
            var record = new TradeRecord(SampleTrades.Record(i));
            table[table.FindOrAdd(new CellKey(record.Pair, record.Country))]
                .Add(record.AmountSell, record.AmountBuy, record.Rate, i);
        }
        return table.Cells.ToArray();
    }

    private static long Merge(Cell[] cells, int repeats)
    {
        var total = default(Aggregate);
        for (var done = 0; done < repeats; done += cells.Length)
        {
            foreach (ref readonly var cell in cells.AsSpan())
                total.Merge(cell.Value);
        }
        return total.Count;
    }

    private static void Read(CellBlock block, int repeats)
    {
        for (var done = 0; done < repeats; done += block.Count)
        {
            var reader = block.Read();
            while (reader.MoveNext(out _))
            {
            }
        }
    }
}
