using System.Text.Json.Serialization;
using TradeProcessor.Serving;

namespace TradeProcessor.Frontend.Live;

/// <summary>The whole state of a view, the answer to <c>Watch</c>.</summary>
/// <param name="Epoch">Identity of the store's content and of this frontend's run.</param>
/// <param name="Sequence">Of the last update whose changes are in it.</param>
/// <param name="At">The server's clock, UTC.</param>
/// <param name="Pairs">Ranking over the last 15 minutes.</param>
/// <param name="Countries">Likewise.</param>
/// <param name="Series">Points of one second over the last 15 minutes.</param>
/// <param name="Focus">Likewise for the pair in focus.</param>
/// <param name="Trades">Newest first.</param>
internal sealed record SnapshotBody(
    string Epoch,
    long Sequence,
    DateTime At,
    SummaryBody Summary,
    IReadOnlyList<RankingBody> Pairs,
    IReadOnlyList<RankingBody> Countries,
    IReadOnlyList<PointBody> Series,
    IReadOnlyList<PointBody> Focus,
    IReadOnlyList<TradeBody> Trades,
    RejectCountsBody Rejects);

/// <summary>
/// What changed since the sequence before. Values are absolute; a member that is absent did not
/// change. Trades are the new ones.
/// </summary>
internal sealed record UpdateBody(
    string Epoch,
    long Sequence,
    DateTime At,
    SummaryBody Summary,
    IReadOnlyList<PointBody> Series,
    IReadOnlyList<PointBody>? Focus,
    IReadOnlyList<RankingBody>? Pairs,
    IReadOnlyList<RankingBody>? Countries,
    IReadOnlyList<TradeBody>? Trades,
    RejectCountsBody? Rejects);

internal sealed record RejectCountsBody(long Total, IReadOnlyDictionary<string, long> ByCode);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SnapshotBody))]
[JsonSerializable(typeof(UpdateBody))]
internal sealed partial class LiveJson : JsonSerializerContext;
