using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine.Reading;

namespace TradeProcessor.Frontend.Live;

/// <summary>Reads from the store what one view shows. Made for one message.</summary>
internal sealed class ViewReader
{
    public const int PairRows = 50;
    public const int CountryRows = 260; // all there are, for the map
    public const int TrendRows = 14; // those in sight

    private readonly ITradeStore _store;
    private readonly UserTrades? _ofUser;
    private readonly View _view;
    private readonly DateTime _now;

    public ViewReader(ITradeStore store, View view, DateTime now)
    {
        _ofUser = view.User is { } user ? new UserTrades(store, user) : null;
        _store = _ofUser ?? store;
        _view = view;
        _now = now;
    }

    private Resolution Points => _view.Range.Points;

    /// <summary>Points over the whole range.</summary>
    public ValueTask<IReadOnlyList<PointBody>> SeriesAsync(CancellationToken cancellation) =>
        PointsAsync(_view.Pair, _view.Country, Whole, cancellation);

    /// <summary>
    /// Points of the intervals that the seconds lie in; they are in ascending order.
    /// </summary>
    public ValueTask<IReadOnlyList<PointBody>> SeriesAsync(
        List<long> secondsTicks, CancellationToken cancellation) =>
        ChangedAsync(_view.Pair, _view.Country, secondsTicks, cancellation);

    /// <summary>Of what is in focus; none where nothing is.</summary>
    public async ValueTask<IReadOnlyList<PointBody>> FocusAsync(CancellationToken cancellation) =>
        _view.HasFocus ? await PointsAsync(FocusPair, FocusCountry, Whole, cancellation) : [];

    /// <summary>Null where nothing is in focus.</summary>
    public async ValueTask<IReadOnlyList<PointBody>?> FocusAsync(
        List<long> secondsTicks, CancellationToken cancellation) => _view.HasFocus
        ? await ChangedAsync(FocusPair, FocusCountry, secondsTicks, cancellation)
        : null;

    public async ValueTask<RankingsBody> RankingsAsync(CancellationToken cancellation)
    {
        var (pair, country, window) = (_view.Pair, _view.Country, _view.Range.Window);
        var pairs = await Rankings.ByPairAsync(_store, window, _now, pair, country, cancellation);
        var countries =
            await Rankings.ByCountryAsync(_store, window, _now, pair, country, cancellation);
        var pairTrends = await TrendsAsync(Grouping.Pair, cancellation);
        var countryTrends = await TrendsAsync(Grouping.Country, cancellation);
        return new RankingsBody(
            [.. pairs.Take(PairRows).Select((place, row) =>
                RankBody.Of(place, row < TrendRows ? pairTrends($"{place.Pair}") : null))],
            [.. countries.Take(CountryRows).Select((place, row) =>
                RankBody.Of(
                    place,
                    row < TrendRows ? countryTrends($"{place.Country}") : null,
                    withAmounts: pair is not null))],
            Flows.Of(pairs),
            _ofUser is null ? null : await _ofUser.SearchedFromAsync(cancellation));
    }

    public async ValueTask<SoldBody> SoldAsync(CancellationToken cancellation) =>
        SoldAmounts.Of(await Rankings.ByPairAsync(
            _store, _view.Range.Window, _now, _view.Pair, _view.Country, cancellation));

    /// <summary>The newest of the view and of what it is compared with, newest first.</summary>
    public async ValueTask<IReadOnlyList<TradeBody>> TradesAsync(CancellationToken cancellation)
    {
        var trades = await NewestAsync(_view.Pair, _view.Country, cancellation);
        if (_view.Compares)
        {
            var focus = await NewestAsync(FocusPair, FocusCountry, cancellation);
            trades = [.. trades.Concat(focus)
                .OrderByDescending(trade => trade.ReceivedAt).Take(LiveChanges.MaxTrades)];
        }
        return [.. trades.Select(TradeBody.Of)];
    }

    private CurrencyPair? FocusPair => _view.Focus ?? _view.Pair;

    private CountryCode? FocusCountry => _view.FocusCountry ?? _view.Country;

    private ValueTask<IReadOnlyList<Trade>> NewestAsync(
        CurrencyPair? pair, CountryCode? country, CancellationToken cancellation) =>
        _store.TradesAsync(
            new TradeQuery(LiveChanges.MaxTrades, pair, country, _view.User), cancellation);

    // One interval more than has begun: the worker's clock may be a little ahead of this one.
    private (long FromTicks, long ToTicks) Whole
    {
        get
        {
            var to = Points.StartOf(_now.Ticks) + 2 * Points.Ticks;
            return (to - _view.Range.Window.Ticks, to);
        }
    }

    private async ValueTask<IReadOnlyList<PointBody>> ChangedAsync(
        CurrencyPair? pair,
        CountryCode? country,
        List<long> secondsTicks,
        CancellationToken cancellation)
    {
        if (secondsTicks.Count == 0)
            return [];
        var starts = secondsTicks.Select(second => Points.StartOf(second)).ToHashSet();
        var span = (Points.StartOf(secondsTicks[0]),
            Points.StartOf(secondsTicks[^1]) + Points.Ticks);
        var points = await PointsAsync(pair, country, span, cancellation);
        return [.. points.Where(point => starts.Contains(point.Start.Ticks))];
    }

    private async ValueTask<IReadOnlyList<PointBody>> PointsAsync(
        CurrencyPair? pair,
        CountryCode? country,
        (long FromTicks, long ToTicks) span,
        CancellationToken cancellation)
    {
        var query = new AggregateQuery(Points, span.FromTicks, span.ToTicks, pair, country);
        var series = await _store.QueryAsync(query, cancellation);
        return series is [var only] ? [.. only.Points.Select(point => PointBody.Of(point))] : [];
    }

    /// <summary>By name: trades of each part of the range, the last one being now.</summary>
    private async ValueTask<Func<string, long[]?>> TrendsAsync(
        Grouping by, CancellationToken cancellation)
    {
        var part = _view.Range.Trend;
        var to = part.StartOf(_now.Ticks) + part.Ticks;
        var from = to - _view.Range.Window.Ticks;
        var series = await _store.QueryAsync(
            new AggregateQuery(part, from, to, _view.Pair, _view.Country, by), cancellation);
        var byName = series.ToDictionary(each => $"{each.Pair}{each.Country}");
        return name =>
        {
            if (!byName.TryGetValue(name, out var found))
                return null;
            var counts = new long[(to - from) / part.Ticks];
            foreach (var (start, value) in found.Points)
                counts[(start - from) / part.Ticks] += value.Count;
            return counts;
        };
    }
}
