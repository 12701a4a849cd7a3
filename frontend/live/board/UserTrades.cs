using System.Runtime.InteropServices;
using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// A store that holds one user's trades, as far as they are among the newest that the real one
/// keeps one by one: sums are kept by pair and country only. Made for one message.
/// </summary>
internal sealed class UserTrades(ITradeStore store, string user) : ITradeStore
{
    private const int MostTrades = 10_000;

    private IReadOnlyList<Trade>? _trades;

    public ValueTask<StoreSummary> SummaryAsync(CancellationToken cancellation) =>
        store.SummaryAsync(cancellation);

    public ValueTask<RejectReport> RejectsAsync(int limit, CancellationToken cancellation) =>
        store.RejectsAsync(limit, cancellation);

    public ValueTask<IReadOnlyList<Trade>> TradesAsync(
        TradeQuery query, CancellationToken cancellation) =>
        store.TradesAsync(query with { UserId = user }, cancellation);

    /// <summary>When the oldest trade was accepted that is searched; null without any.</summary>
    public async ValueTask<DateTime?> SearchedFromAsync(CancellationToken cancellation) =>
        (await store.TradesAsync(new TradeQuery(MostTrades), cancellation)) is [.., var oldest]
            ? oldest.ReceivedAt
            : null;

    public async ValueTask<IReadOnlyList<Series>> QueryAsync(
        AggregateQuery query, CancellationToken cancellation)
    {
        _trades ??= await store.TradesAsync(
            new TradeQuery(MostTrades, UserId: user), cancellation);
        var cells = new SortedDictionary<Group, SortedDictionary<long, Aggregate>>();
        foreach (var trade in _trades)
        {
            var at = trade.ReceivedAt.Ticks;
            if (at < query.FromTicks || at >= query.ToTicks || !Matches(query, trade))
                continue;
            var group = Group.Of(query.GroupBy, trade);
            if (!cells.TryGetValue(group, out var points))
                cells[group] = points = [];
            var start = query.Resolution.StartOf(at);
            var value = points.GetValueOrDefault(start);
            value.Merge(Aggregate.Of(trade.AmountSell, trade.AmountBuy, trade.Rate, at));
            points[start] = value;
        }
        return [.. cells.Select(group => new Series(
            group.Key.Pair,
            group.Key.Country,
            [.. group.Value.Select(point => new SeriesPoint(point.Key, point.Value))]))];
    }

    private static bool Matches(AggregateQuery query, Trade trade) =>
        (query.Pair is not { } pair || pair == PairOf(trade))
        && (query.Country is not { } country || country == trade.OriginatingCountry);

    private static CurrencyPair PairOf(Trade trade) => new(trade.CurrencyFrom, trade.CurrencyTo);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Group(CurrencyPair? Pair, CountryCode? Country)
        : IComparable<Group>
    {
        public static Group Of(Grouping by, Trade trade) => new(
            by.HasFlag(Grouping.Pair) ? PairOf(trade) : null,
            by.HasFlag(Grouping.Country) ? trade.OriginatingCountry : null);

        public int CompareTo(Group other)
        {
            var byPair = Nullable.Compare(Pair, other.Pair);
            return byPair != 0 ? byPair : Nullable.Compare(Country, other.Country);
        }
    }
}
