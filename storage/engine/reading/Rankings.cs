using System.Runtime.InteropServices;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Reading;

/// <summary>
/// Pairs and countries by their number of trades in the window that ends now; see
/// <see cref="RankingWindow"/> for what exactly that is.
/// </summary>
public static class Rankings
{
    /// <summary>Most trades first; by name where numbers are equal.</summary>
    public static ValueTask<IReadOnlyList<Ranking>> ByPairAsync(
        ITradeStore store,
        TimeSpan window,
        DateTime now,
        CurrencyPair? pair,
        CountryCode? country,
        CancellationToken cancellation) =>
        ReadAsync(store, window, now, Grouping.Pair, pair, country, cancellation);

    /// <inheritdoc cref="ByPairAsync"/>
    public static ValueTask<IReadOnlyList<Ranking>> ByCountryAsync(
        ITradeStore store,
        TimeSpan window,
        DateTime now,
        CurrencyPair? pair,
        CountryCode? country,
        CancellationToken cancellation) =>
        ReadAsync(store, window, now, Grouping.Country, pair, country, cancellation);

    /// <summary>Merges each group's points and sorts the groups.</summary>
    public static IReadOnlyList<Ranking> Rank(IEnumerable<Series> series)
    {
        var groups = new Dictionary<Group, Aggregate>();
        foreach (var (pair, country, points) in series)
        {
            ref var merged = ref CollectionsMarshal.GetValueRefOrAddDefault(
                groups, new Group(pair, country), out _);
            foreach (var point in points)
                merged.Merge(point.Value);
        }
        return [.. groups
            .Where(group => group.Value.Count > 0)
            .OrderByDescending(group => group.Value.Count)
            .ThenBy(group => group.Key.Name, StringComparer.Ordinal)
            .Select(group => new Ranking(group.Key.Pair, group.Key.Country, group.Value))];
    }

    private static async ValueTask<IReadOnlyList<Ranking>> ReadAsync(
        ITradeStore store,
        TimeSpan window,
        DateTime now,
        Grouping by,
        CurrencyPair? pair,
        CountryCode? country,
        CancellationToken cancellation)
    {
        var series = new List<Series>();
        foreach (var span in RankingWindow.Cover(window, now))
        {
            var query = span with { Pair = pair, Country = country, GroupBy = by };
            series.AddRange(await store.QueryAsync(query, cancellation));
        }
        return Rank(series);
    }

    private readonly record struct Group(CurrencyPair? Pair, CountryCode? Country)
    {
        public string Name => $"{Pair}{Country}";
    }
}
