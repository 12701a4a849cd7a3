using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.BackEnds;

/// <summary>The same trades counted without cells: sums over all of them for each question.</summary>
internal sealed class CountModel(IReadOnlyList<byte[]> frames)
{
    private readonly List<Trade> _trades = [.. frames.SelectMany(TradesOf)];

    public long Total => _trades.Count;

    public int Pairs => _trades.Select(PairOf).Distinct().Count();

    public int Countries => _trades.Select(trade => trade.OriginatingCountry).Distinct().Count();

    public long FirstTicks => _trades.Min(trade => trade.ReceivedAt.Ticks);

    public static CurrencyPair PairOf(Trade trade) => new(trade.CurrencyFrom, trade.CurrencyTo);

    public static List<Trade> TradesOf(byte[] frame)
    {
        Assert.Equal(FrameStatus.Whole, TradeFrame.Read(frame, out var header));
        var trades = new List<Trade>();
        foreach (var record in TradeFrame.Records(frame, header))
            trades.Add(record.ToTrade(header.ReceivedAtTicks));
        return trades;
    }

    /// <summary>One line for each point of each series, in the order that the store promises.</summary>
    public List<string> Lines(Resolution resolution, Grouping grouping) =>
    [
        .. _trades
            .GroupBy(trade => (
                Pair: grouping.HasFlag(Grouping.Pair) ? PairOf(trade) : (CurrencyPair?)null,
                Country: grouping.HasFlag(Grouping.Country) ? trade.OriginatingCountry : (CountryCode?)null,
                Start: resolution.StartOf(trade.ReceivedAt.Ticks)))
            .OrderBy(group => group.Key.Pair.GetValueOrDefault())
            .ThenBy(group => group.Key.Country.GetValueOrDefault())
            .ThenBy(group => group.Key.Start)
            .Select(group => Line(
                group.Key.Pair,
                group.Key.Country,
                group.Key.Start,
                group.Count(),
                Sum(group.Select(trade => trade.AmountSell)),
                Sum(group.Select(trade => trade.AmountBuy)),
                group.Max(trade => trade.Rate),
                group.Min(trade => trade.Rate))),
    ];

    public static List<string> Lines(IEnumerable<Series> series) =>
    [
        .. series.SelectMany(each => each.Points.Select(point => Line(
            each.Pair,
            each.Country,
            point.StartTicks,
            point.Value.Count,
            point.Value.SellUnits,
            point.Value.BuyUnits,
            point.Value.High,
            point.Value.Low))),
    ];

    private static UInt128 Sum(IEnumerable<ExactDecimal> amounts) =>
        amounts.Aggregate(UInt128.Zero, (sum, amount) => sum + amount.ToUnits());

    private static string Line(
        CurrencyPair? pair,
        CountryCode? country,
        long start,
        long count,
        UInt128 sell,
        UInt128 buy,
        ExactDecimal high,
        ExactDecimal low) => $"{pair} {country} {start} {count} {sell} {buy} {high} {low}";
}
