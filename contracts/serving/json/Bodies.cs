using System.ComponentModel;
using System.Text.Json.Serialization;
using TradeProcessor.Contracts;

namespace TradeProcessor.Serving;

[Description("Totals of the store.")]
public sealed record SummaryBody(
    [property: Description("Trades counted so far, ever.")] long Aggregated,
    [property: Description("Trades refused so far.")] long Rejected,
    [property: Description("Currency pairs seen.")] int Pairs,
    [property: Description("Countries seen.")] int Countries,
    [property: Description("Age of the oldest logged trade that is not counted yet; 0 for none.")]
    decimal LagSeconds,
    [property: Description("Mean over the last five whole seconds.")] decimal TradesPerSecond,
    [property: Description("Time of receipt of the first trade; null before it.")] DateTime? Since)
{
    private const double Most = 1e15;

    // Divided by it, a decimal loses its trailing zeros.
    private const decimal Shortest = 1.0000000000000000000000000000m;

    public static SummaryBody Of(StoreSummary summary) => new(
        summary.Aggregated,
        summary.Rejected,
        summary.Pairs,
        summary.Countries,
        Plain(summary.LagSeconds, decimals: 3),
        Plain(summary.TradesPerSecond, decimals: 1),
        summary.Since);

    // A decimal, because a small or large double is written with an exponent.
    private static decimal Plain(double value, int decimals) => double.IsNaN(value)
        ? 0
        : Math.Round((decimal)Math.Clamp(value, 0, Most), decimals) / Shortest;
}

[Description("What was traded in one interval.")]
public readonly record struct PointBody(
    [property: Description("Start of the interval, UTC.")] DateTime Start,
    [property: Description("Number of trades.")] long Count,
    [property: Description("Exact sum of amountSell.")] JsonNumber AmountSell,
    [property: Description("Exact sum of amountBuy.")] JsonNumber AmountBuy,
    [property: Description("Σ amountBuy / Σ amountSell, to 12 significant digits.")]
    JsonNumber? Vwap,
    [property: Description("Rate of the first trade.")] JsonNumber Open,
    [property: Description("Highest rate.")] JsonNumber High,
    [property: Description("Lowest rate.")] JsonNumber Low,
    [property: Description("Rate of the last trade.")] JsonNumber Close)
{
    public static PointBody Of(in SeriesPoint point) => new(
        new DateTime(point.StartTicks, DateTimeKind.Utc),
        point.Value.Count,
        JsonNumber.FromUnits(point.Value.SellUnits),
        JsonNumber.FromUnits(point.Value.BuyUnits),
        Quotients.Vwap(point.Value),
        point.Value.Open.Rate,
        point.Value.High,
        point.Value.Low,
        point.Value.Close.Rate);
}

[Description("Points in ascending time. A dimension that was not grouped by is absent.")]
public sealed record SeriesBody(
    [property: JsonConverter(typeof(PairConverter))]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    CurrencyPair? Pair,
    [property: JsonConverter(typeof(CountryConverter))]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    CountryCode? Country,
    IReadOnlyList<PointBody> Points)
{
    public static SeriesBody Of(Series series) => new(
        series.Pair, series.Country, [.. series.Points.Select(point => PointBody.Of(point))]);
}

[Description("Series over a span of time, one for each group.")]
public sealed record AggregatesBody(
    [property: Description("1s, 1m, 1h or 1d.")] string Interval,
    [property: Description("First instant, inclusive; aligned to the interval.")] DateTime From,
    [property: Description("Last instant, exclusive; aligned to the interval.")] DateTime To,
    IReadOnlyList<SeriesBody> Series);

[Description("A pair's or a country's place by number of trades in a window.")]
public sealed record RankingBody(
    [property: JsonConverter(typeof(PairConverter))]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    CurrencyPair? Pair,
    [property: JsonConverter(typeof(CountryConverter))]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    CountryCode? Country,
    [property: Description("Number of trades.")] long Count,
    [property: Description("Exact sum of amountSell.")] JsonNumber AmountSell,
    [property: Description("Exact sum of amountBuy.")] JsonNumber AmountBuy,
    [property: Description("Σ amountBuy / Σ amountSell, to 12 significant digits.")]
    JsonNumber? Vwap,
    [property: Description("Last rate / first rate of the window − 1, to 6 decimals.")]
    JsonNumber? Change)
{
    public static RankingBody Of(
        CurrencyPair? pair, CountryCode? country, in Aggregate aggregate) => new(
        pair,
        country,
        aggregate.Count,
        JsonNumber.FromUnits(aggregate.SellUnits),
        JsonNumber.FromUnits(aggregate.BuyUnits),
        Quotients.Vwap(aggregate),
        Quotients.Change(aggregate));
}

[Description("An accepted trade.")]
public sealed record TradeBody(
    [property: Description("When it was received, UTC; aggregation goes by it.")]
    DateTime ReceivedAt,
    [property: Description("When the client says that it was placed, UTC.")] DateTime TimePlaced,
    string UserId,
    [property: JsonConverter(typeof(AssetConverter))]
    [property: Description("ISO 4217 code or configured asset.")]
    AssetCode CurrencyFrom,
    [property: JsonConverter(typeof(AssetConverter))]
    [property: Description("ISO 4217 code or configured asset.")]
    AssetCode CurrencyTo,
    [property: Description("In currencyFrom, exactly as sent.")] JsonNumber AmountSell,
    [property: Description("In currencyTo, exactly as sent.")] JsonNumber AmountBuy,
    [property: Description("Exactly as sent.")] JsonNumber Rate,
    [property: JsonConverter(typeof(CountryConverter))]
    [property: Description("ISO 3166-1 alpha-2 code.")]
    CountryCode OriginatingCountry)
{
    public static TradeBody Of(Trade trade) => new(
        trade.ReceivedAt,
        trade.TimePlaced,
        trade.UserId,
        trade.CurrencyFrom,
        trade.CurrencyTo,
        trade.AmountSell,
        trade.AmountBuy,
        trade.Rate,
        trade.OriginatingCountry);
}

[Description("A refused trade.")]
public sealed record RejectBody(
    [property: Description("When it was refused, UTC.")] DateTime At,
    [property: Description("Error codes by field.")] IReadOnlyDictionary<string, string[]> Errors,
    [property: Description("Its first 512 bytes.")] string Body)
{
    public static RejectBody Of(Reject reject) => new(
        reject.At,
        reject.Errors
            .GroupBy(error => error.Field, error => error.Code)
            .ToDictionary(codes => codes.Key, codes => codes.ToArray()),
        reject.Body);
}

[Description("Refused trades: how many, why, and the newest.")]
public sealed record RejectsBody(
    [property: Description("Trades refused so far.")] long Total,
    [property: Description("Count for each error code; a trade with two codes is in both.")]
    IReadOnlyDictionary<string, long> ByCode,
    [property: Description("Newest first.")] IReadOnlyList<RejectBody> Recent)
{
    public static RejectsBody Of(RejectReport report) => new(
        report.Total,
        new SortedDictionary<string, long>(
            report.ByCode.ToDictionary(), StringComparer.Ordinal),
        [.. report.Recent.Select(RejectBody.Of)]);
}

[Description("A frame that could not be counted.")]
public sealed record DeadLetterBody(
    [property: Description("Names it in commands: shard and position.")] string Id,
    int Shard,
    [property: Description("When it was given up, UTC.")] DateTime DiedAt,
    [property: Description("When its trades were received, UTC; null where it cannot be read.")]
    DateTime? ReceivedAt,
    [property: Description("Trades in it; 0 where that cannot be read.")] int Trades,
    int Bytes,
    [property: Description("How often it was tried.")] int Attempts,
    string Reason)
{
    public static DeadLetterBody Of(DeadLetter letter) => new(
        letter.Id,
        letter.Shard,
        letter.DiedAt,
        letter.ReceivedAt,
        letter.Trades,
        letter.Bytes,
        letter.Attempts,
        letter.Reason);
}

[Description("Frames that could not be counted: how many, and the newest.")]
public sealed record DeadBody(
    [property: Description("Frames.")] long Total,
    [property: Description("Trades in those that can be read.")] long Trades,
    [property: Description("Newest first.")] IReadOnlyList<DeadLetterBody> Recent)
{
    public static DeadBody Of(DeadReport report) => new(
        report.Total, report.Trades, [.. report.Recent.Select(DeadLetterBody.Of)]);
}
