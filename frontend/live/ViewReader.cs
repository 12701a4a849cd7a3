using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine.Reading;

namespace TradeProcessor.Frontend.Live;

/// <summary>Reads from the store what a view shows.</summary>
internal sealed class ViewReader(ITradeStore store, TimeProvider time)
{
    public const int RankingRows = 50;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    public DateTime Now => time.GetUtcNow().UtcDateTime;

    public async ValueTask<SummaryBody> SummaryAsync(CancellationToken cancellation) =>
        SummaryBody.Of(await store.SummaryAsync(cancellation));

    /// <summary>Points of the view over the whole window.</summary>
    public ValueTask<IReadOnlyList<PointBody>> SeriesAsync(
        CurrencyPair? pair, CountryCode? country, CancellationToken cancellation)
    {
        var to = Resolution.Second.StartOf(Now.Ticks) + 2 * TimeSpan.TicksPerSecond;
        return PointsAsync(pair, country, to - Window.Ticks, to, cancellation);
    }

    /// <summary>Points of the seconds named, which are in ascending order.</summary>
    public async ValueTask<IReadOnlyList<PointBody>> SeriesAsync(
        CurrencyPair? pair,
        CountryCode? country,
        List<long> secondsTicks,
        CancellationToken cancellation)
    {
        if (secondsTicks.Count == 0)
            return [];
        var points = await PointsAsync(
            pair,
            country,
            secondsTicks[0],
            secondsTicks[^1] + TimeSpan.TicksPerSecond,
            cancellation);
        return [.. points.Where(point => secondsTicks.Contains(point.Start.Ticks))];
    }

    public async ValueTask<IReadOnlyList<RankingBody>> PairsAsync(
        View view, CancellationToken cancellation) =>
        [.. (await Rankings.ByPairAsync(store, Window, Now, view.Pair, view.Country, cancellation))
            .Take(RankingRows)
            .Select(place => RankingBody.Of(place.Pair, null, place.Value))];

    public async ValueTask<IReadOnlyList<RankingBody>> CountriesAsync(
        View view, CancellationToken cancellation) =>
        [.. (await Rankings.ByCountryAsync(store, Window, Now, view.Pair, view.Country, cancellation))
            .Take(RankingRows)
            .Select(place => RankingBody.Of(null, place.Country, place.Value))];

    public async ValueTask<IReadOnlyList<TradeBody>> TradesAsync(
        View view, CancellationToken cancellation)
    {
        var query = new TradeQuery(LiveChanges.MaxTrades, view.Pair, view.Country);
        return [.. (await store.TradesAsync(query, cancellation)).Select(TradeBody.Of)];
    }

    public async ValueTask<RejectCountsBody> RejectsAsync(CancellationToken cancellation)
    {
        var report = await store.RejectsAsync(0, cancellation);
        return new RejectCountsBody(report.Total, report.ByCode);
    }

    private async ValueTask<IReadOnlyList<PointBody>> PointsAsync(
        CurrencyPair? pair,
        CountryCode? country,
        long fromTicks,
        long toTicks,
        CancellationToken cancellation)
    {
        var query = new AggregateQuery(Resolution.Second, fromTicks, toTicks, pair, country);
        var series = await store.QueryAsync(query, cancellation);
        return series is [var only] ? [.. only.Points.Select(point => PointBody.Of(point))] : [];
    }
}
