using System.Runtime.InteropServices;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Api.Queries;

/// <summary>
/// Reads series in slices of time, so that a result past the limit is given up before it is in
/// memory.
/// </summary>
internal sealed class AggregateReader(ITradeStore store)
{
    /// <summary>Points of one answer: about 160 MB here, and as much on the wire.</summary>
    public const int MaxPoints = 1_000_000;

    private const int FirstSliceIntervals = 64;

    // A slice may have so many cells; few are worth a longer step, as each is a trip to the store.
    private const int FewPoints = 10_000;
    private const int ManyPoints = 100_000;

    /// <summary>
    /// Large answers at one time: what bounds the memory that readers can take.
    /// </summary>
    public SemaphoreSlim Turns { get; } = new(initialCount: 4);

    /// <summary>Null where there are more than <paramref name="maxPoints"/>.</summary>
    public async ValueTask<IReadOnlyList<Series>?> ReadAsync(
        AggregateQuery query, CancellationToken cancellation, int maxPoints = MaxPoints)
    {
        var groups = new Dictionary<Group, List<SeriesPoint>>();
        var total = 0;
        var step = query.GroupBy == Grouping.None
            ? query.ToTicks - query.FromTicks
            : FirstSliceIntervals * query.Resolution.Ticks;
        for (var from = query.FromTicks; from < query.ToTicks;)
        {
            var to = Math.Min(from + step, query.ToTicks);
            var slice = await store.QueryAsync(
                query with { FromTicks = from, ToTicks = to }, cancellation);
            var points = slice.Sum(series => series.Points.Count);
            total += points;
            if (total > maxPoints)
                return null;
            Append(groups, slice);
            step = NextStep(step, points, query.Resolution);
            from = to;
        }
        return [.. groups
            .OrderBy(group => group.Key.Pair?.ToString(), StringComparer.Ordinal)
            .ThenBy(group => group.Key.Country ?? default)
            .Select(group => new Series(group.Key.Pair, group.Key.Country, group.Value))];
    }

    private static void Append(
        Dictionary<Group, List<SeriesPoint>> groups, IReadOnlyList<Series> slice)
    {
        foreach (var (pair, country, points) in slice)
        {
            if (points.Count == 0)
                continue;
            ref var all = ref CollectionsMarshal.GetValueRefOrAddDefault(
                groups, new Group(pair, country), out _);
            (all ??= []).AddRange(points);
        }
    }

    private static long NextStep(long step, int points, Resolution resolution) => points switch
    {
        < FewPoints => 2 * step,
        > ManyPoints => Math.Max(resolution.Ticks, resolution.StartOf(step / 2)),
        _ => step,
    };

    private readonly record struct Group(CurrencyPair? Pair, CountryCode? Country);
}
