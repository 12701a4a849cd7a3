using System.Text.Json;
using System.Text.Json.Serialization;
using TradeProcessor.Contracts;

namespace TradeProcessor.Serving;

/// <summary>A pair as <c>"EUR/GBP"</c> or <c>"other"</c>.</summary>
public sealed class PairConverter : JsonConverter<CurrencyPair>
{
    public override CurrencyPair Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        CurrencyPair.TryParse(reader.GetString(), out var pair)
            ? pair
            : throw new JsonException("Expected a pair such as EUR/GBP.");

    public override void Write(
        Utf8JsonWriter writer, CurrencyPair value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>A country as <c>"FR"</c> or <c>"other"</c>.</summary>
public sealed class CountryConverter : JsonConverter<CountryCode>
{
    public override CountryCode Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        CountryCode.TryParse(reader.GetString(), out var country)
            ? country
            : throw new JsonException("Expected an ISO 3166-1 alpha-2 code.");

    public override void Write(
        Utf8JsonWriter writer, CountryCode value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>A currency as <c>"EUR"</c>.</summary>
public sealed class AssetConverter : JsonConverter<AssetCode>
{
    public override AssetCode Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        AssetCode.TryParse(reader.GetString(), out var code)
            ? code
            : throw new JsonException("Expected an asset code such as EUR.");

    public override void Write(
        Utf8JsonWriter writer, AssetCode value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[AssetCode.MaxLength + 1];
        writer.WriteStringValue(text[..value.Format(text)]);
    }
}
