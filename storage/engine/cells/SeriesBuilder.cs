using System.Runtime.InteropServices;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Cells;

/// <summary>Merges blocks into the series that a query asks for.</summary>
internal static class SeriesBuilder
{
    /// <summary>Whether it needs no more of a block than its total.</summary>
    public static bool IsOfTotals(AggregateQuery query) =>
        query is { GroupBy: Grouping.None, Pair: null, Country: null };

    /// <param name="blocks">In ascending order of their start; several may share one.</param>
    public static IReadOnlyList<Series> Build(
        AggregateQuery query, IEnumerable<CellBlock> blocks, CancellationToken cancellation)
    {
        // What is not grouped by is the same in all keys.
        var groups = new Dictionary<CellKey, List<SeriesPoint>>();
        var interval = new Dictionary<CellKey, Aggregate>();
        var startTicks = long.MinValue;
        foreach (var block in blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            if (block.StartTicks != startTicks)
                Flush(groups, interval, startTicks);
            startTicks = block.StartTicks;
            Merge(query, block, interval);
        }
        Flush(groups, interval, startTicks);
        return [.. groups
            .OrderBy(group => group.Key.Pair, PairNames)
            .ThenBy(group => group.Key.Country)
            .Select(group => new Series(
                query.GroupBy.HasFlag(Grouping.Pair) ? group.Key.Pair : null,
                query.GroupBy.HasFlag(Grouping.Country) ? group.Key.Country : null,
                group.Value))];
    }

    private static Comparer<CurrencyPair> PairNames { get; } = Comparer<CurrencyPair>.Create(
        static (left, right) => string.CompareOrdinal(left.ToString(), right.ToString()));

    private static void Merge(
        AggregateQuery query, CellBlock block, Dictionary<CellKey, Aggregate> interval)
    {
        if (IsOfTotals(query))
        {
            MergeInto(interval, default, block.Total);
            return;
        }
        var byPair = query.GroupBy.HasFlag(Grouping.Pair);
        var byCountry = query.GroupBy.HasFlag(Grouping.Country);
        var reader = block.By(Dimensions(query)).Read();
        while (reader.MoveNext(out var cell))
        {
            if ((query.Pair is { } pair && cell.Key.Pair != pair)
                || (query.Country is { } country && cell.Key.Country != country))
            {
                continue;
            }
            var key = new CellKey(
                byPair ? cell.Key.Pair : default, byCountry ? cell.Key.Country : default);
            MergeInto(interval, key, cell.Value);
        }
    }

    /// <summary>What a block must tell apart to answer.</summary>
    private static Grouping Dimensions(AggregateQuery query) => query.GroupBy
        | (query.Pair is null ? Grouping.None : Grouping.Pair)
        | (query.Country is null ? Grouping.None : Grouping.Country);

    private static void MergeInto(
        Dictionary<CellKey, Aggregate> interval, CellKey key, in Aggregate value)
    {
        ref var merged = ref CollectionsMarshal
            .GetValueRefOrAddDefault(interval, key, out _);
        merged.Merge(value);
    }

    private static void Flush(
        Dictionary<CellKey, List<SeriesPoint>> groups,
        Dictionary<CellKey, Aggregate> interval,
        long startTicks)
    {
        foreach (var (key, value) in interval)
        {
            if (!groups.TryGetValue(key, out var points))
                groups.Add(key, points = []);
            points.Add(new SeriesPoint(startTicks, value));
        }
        interval.Clear();
    }
}
