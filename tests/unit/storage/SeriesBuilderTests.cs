using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Cells;

namespace TradeProcessor.Tests.Unit.Storage;

public sealed class SeriesBuilderTests(ITestOutputHelper output)
{
    private const int Intervals = 12;
    private const int Shards = 3;

    [Theory]
    [InlineData(3)]
    [InlineData(4_000)]
    public void Build_AnyGroupingAndFilter_EqualsTheMergeOfEachCell(int trades)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var sample = new SampleFrames(seed);
        var blocks = new List<CellBlock>();
        for (var i = 0; i < Intervals * Shards; i++)
            blocks.Add(Block(sample, i / Shards * TimeSpan.TicksPerSecond, trades));
        var some = blocks[0].ToList()[0].Key;
        Grouping[] groupings = [.. Enum.GetValues<Grouping>(), Grouping.Pair | Grouping.Country];
        foreach (var grouping in groupings)
        {
            foreach (var pair in (CurrencyPair?[])[null, some.Pair])
            {
                foreach (var country in (CountryCode?[])[null, some.Country])
                {
                    var query = new AggregateQuery(
                        Resolution.Second, 0, long.MaxValue, pair, country, grouping);
                    // Twice: the second time from what the first has kept.
                    Assert.Equal(Plain(query, blocks), Lines(query, blocks));
                    Assert.Equal(Plain(query, blocks), Lines(query, blocks));
                }
            }
        }
    }

    private static CellBlock Block(SampleFrames sample, long startTicks, int trades)
    {
        var table = new CellTable();
        // As where an interval was full.
        table[table.FindOrAdd(CellKey.Other)]
            .Add(sample.Decimal(8), sample.Decimal(8), sample.Decimal(18), startTicks);
        for (var i = 0; i < trades; i++)
        {
            var record = new TradeRecord(sample.Record());
            table[table.FindOrAdd(new CellKey(record.Pair, record.Country))]
                .Add(record.AmountSell, record.AmountBuy, record.Rate, startTicks + i);
        }
        return CellBlock.Pack(startTicks, table.Cells);
    }

    private static List<string> Lines(AggregateQuery query, List<CellBlock> blocks) =>
    [
        .. SeriesBuilder.Build(query, blocks, CancellationToken.None)
            .SelectMany(series => series.Points.Select(point =>
                Line(series.Pair, series.Country, point.StartTicks, point.Value))),
    ];

    private static List<string> Plain(AggregateQuery query, List<CellBlock> blocks) =>
    [
        .. blocks
            .SelectMany(block => block.ToList()
                .Select(cell => (Start: block.StartTicks, Cell: cell)))
            .Where(one => (query.Pair ?? one.Cell.Key.Pair) == one.Cell.Key.Pair
                && (query.Country ?? one.Cell.Key.Country) == one.Cell.Key.Country)
            .GroupBy(one => (
                Pair: query.GroupBy.HasFlag(Grouping.Pair)
                    ? one.Cell.Key.Pair
                    : (CurrencyPair?)null,
                Country: query.GroupBy.HasFlag(Grouping.Country)
                    ? one.Cell.Key.Country
                    : (CountryCode?)null,
                one.Start))
            .OrderBy(group => group.Key.Pair?.ToString(), StringComparer.Ordinal)
            .ThenBy(group => group.Key.Country.GetValueOrDefault())
            .ThenBy(group => group.Key.Start)
            .Select(group => Line(
                group.Key.Pair,
                group.Key.Country,
                group.Key.Start,
                group.Aggregate(default(Aggregate), (merged, one) =>
                {
                    merged.Merge(one.Cell.Value);
                    return merged;
                }))),
    ];

    private static string Line(
        CurrencyPair? pair, CountryCode? country, long start, in Aggregate value) =>
        $"{pair} {country} {start} {value.Count} {value.SellUnits} {value.BuyUnits} "
        + $"{value.Open} {value.Close} {value.High} {value.Low}";
}
