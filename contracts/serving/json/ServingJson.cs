using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TradeProcessor.Serving;

/// <summary>What the programs write as JSON: camelCase, exact numbers, instants with Z.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SummaryBody))]
[JsonSerializable(typeof(PointBody))]
[JsonSerializable(typeof(SeriesBody))]
[JsonSerializable(typeof(AggregatesBody))]
[JsonSerializable(typeof(RankingBody))]
[JsonSerializable(typeof(IReadOnlyList<RankingBody>))]
[JsonSerializable(typeof(TradeBody))]
[JsonSerializable(typeof(IReadOnlyList<TradeBody>))]
[JsonSerializable(typeof(RejectBody))]
[JsonSerializable(typeof(RejectsBody))]
[JsonSerializable(typeof(DeadLetterBody))]
[JsonSerializable(typeof(DeadBody))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(InfoBody))]
public sealed partial class ServingJson : JsonSerializerContext
{
    /// <summary>
    /// How writers are to be made. Quotes and letters stay readable: the answers are JSON with
    /// nosniff, never part of a page.
    /// </summary>
    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };
}
