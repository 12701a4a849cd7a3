using System.Text.Json.Serialization;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine.Reading;

namespace TradeProcessor.Frontend.Live;

/// <summary>The whole state of a view, the answer to <c>Watch</c>.</summary>
/// <param name="Epoch">Identity of the store's content and of this frontend's run.</param>
/// <param name="Sequence">Of the last update whose changes are in it.</param>
/// <param name="At">The server's clock, UTC.</param>
/// <param name="Range">What rankings, flows and series go over: 15m, 24h or 30d.</param>
/// <param name="Pairs">Ranking over the range.</param>
/// <param name="Countries">Likewise, all of them.</param>
/// <param name="Flows">Likewise, by currencies sold and bought.</param>
/// <param name="Series">Points of a second, a minute or an hour over the range.</param>
/// <param name="Focus">Likewise for the pair or country in focus.</param>
/// <param name="Trades">Newest first.</param>
/// <param name="History">Of the figures, the most of each 5 s over 15 minutes, oldest first.</param>
/// <param name="SearchedFrom">
/// Of one user's view: when the oldest of the trades was accepted that could be searched for his.
/// </param>
internal sealed record SnapshotBody(
    string Epoch,
    long Sequence,
    DateTime At,
    string Range,
    SummaryBody Summary,
    IReadOnlyList<RankBody> Pairs,
    IReadOnlyList<RankBody> Countries,
    IReadOnlyList<FlowBody> Flows,
    IReadOnlyList<PointBody> Series,
    IReadOnlyList<PointBody> Focus,
    IReadOnlyList<TradeBody> Trades,
    RejectsBody Rejects,
    FiguresBody Figures,
    IReadOnlyList<HistoryBody> History,
    HealthBody? Health,
    DateTime? SearchedFrom);

/// <summary>
/// What changed since the sequence before. Values are absolute; a member that is absent did not
/// change. Trades are the newest: all that are new, as far as a page shows them, and maybe some that
/// the snapshot had.
/// </summary>
internal sealed record UpdateBody(
    string Epoch,
    long Sequence,
    DateTime At,
    SummaryBody Summary,
    IReadOnlyList<PointBody> Series,
    IReadOnlyList<PointBody>? Focus,
    IReadOnlyList<RankBody>? Pairs,
    IReadOnlyList<RankBody>? Countries,
    IReadOnlyList<FlowBody>? Flows,
    IReadOnlyList<TradeBody>? Trades,
    RejectsBody? Rejects,
    FiguresBody? Figures,
    HealthBody? Health,
    DateTime? SearchedFrom);

/// <summary>Read together, less often than the rest.</summary>
internal sealed record RankingsBody(
    IReadOnlyList<RankBody> Pairs,
    IReadOnlyList<RankBody> Countries,
    IReadOnlyList<FlowBody> Flows,
    DateTime? SearchedFrom);

/// <summary>A pair or a country over the range.</summary>
/// <param name="AmountSell">Of trades of one pair only, as also the amount bought.</param>
/// <param name="Vwap">Of a pair only.</param>
/// <param name="Change">Last rate / first rate − 1, of a pair only.</param>
/// <param name="Trend">Trades of each minute, hour or day of the range, of the first rows.</param>
internal sealed record RankBody(
    [property: JsonConverter(typeof(PairConverter))] CurrencyPair? Pair,
    [property: JsonConverter(typeof(CountryConverter))] CountryCode? Country,
    long Count,
    JsonNumber? AmountSell,
    JsonNumber? AmountBuy,
    JsonNumber? Vwap,
    JsonNumber? Change,
    IReadOnlyList<long>? Trend)
{
    /// <param name="withAmounts">False where they would be of different currencies.</param>
    public static RankBody Of(
        Ranking place, IReadOnlyList<long>? trend, bool withAmounts = true) => new(
        place.Pair,
        place.Country,
        place.Value.Count,
        withAmounts ? JsonNumber.FromUnits(place.Value.SellUnits) : null,
        withAmounts ? JsonNumber.FromUnits(place.Value.BuyUnits) : null,
        place.Pair is null ? null : Quotients.Vwap(place.Value),
        place.Pair is null ? null : Quotients.Change(place.Value),
        trend);
}

/// <param name="From">The currency sold, or <c>other</c>.</param>
/// <param name="To">The currency bought, or <c>other</c>.</param>
/// <param name="AmountSell">Absent where it would be of several currencies.</param>
/// <param name="AmountBuy">Likewise.</param>
/// <param name="FromOthers">How many currencies <c>other</c> stands for, where it is one.</param>
/// <param name="ToOthers">Likewise.</param>
internal sealed record FlowBody(
    string From,
    string To,
    long Count,
    JsonNumber? AmountSell = null,
    JsonNumber? AmountBuy = null,
    int? FromOthers = null,
    int? ToOthers = null);

/// <summary>What was sold over the range, the answer to <c>Sold</c>.</summary>
/// <param name="Currencies">Those of the most trades, most first.</param>
/// <param name="Others">How many more there are.</param>
internal sealed record SoldBody(IReadOnlyList<AmountBody> Currencies, int Others);

internal sealed record AmountBody(string Currency, JsonNumber Amount);

/// <summary>How the system is, in figures.</summary>
/// <param name="AckP99Ms">Of the slowest consumer over 10 s; absent where nothing was sent.</param>
/// <param name="Level">good, warn or bad: the worst finding.</param>
/// <param name="Reason">The worst finding in words, where it is not good.</param>
/// <param name="Since">From when on it is as good or bad as that, where it is not good.</param>
internal sealed record FiguresBody(
    double? AckP99Ms, long? Connections, string Level, string? Reason, DateTime? Since);

/// <summary>Figures as they were.</summary>
internal sealed record HistoryBody(
    DateTime At, long Rejected, decimal LagSeconds, double? AckP99Ms, long? Connections);

/// <summary>How the system is, in full.</summary>
internal sealed record HealthBody(
    IReadOnlyList<FindingBody> Findings,
    IReadOnlyList<ShardHealth> Shards,
    IReadOnlyList<ProcessReport> Processes,
    DeadBody Dead);

/// <param name="Level">good, warn or bad.</param>
/// <param name="Reason">In words, also where it is good.</param>
/// <param name="Since">From when on it is as good or bad as that, where it is not good.</param>
internal sealed record FindingBody(string Name, string Level, string Reason, DateTime? Since);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SnapshotBody))]
[JsonSerializable(typeof(UpdateBody))]
[JsonSerializable(typeof(SoldBody))]
internal sealed partial class LiveJson : JsonSerializerContext;
