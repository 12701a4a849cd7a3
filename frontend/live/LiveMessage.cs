using System.Text.Json;
using System.Text.Json.Serialization;

namespace TradeProcessor.Frontend.Live;

/// <summary>JSON that was written once and goes to many browsers as it is.</summary>
[JsonConverter(typeof(LiveMessageConverter))]
public readonly record struct LiveMessage(ReadOnlyMemory<byte> Json);

/// <summary>Copies the bytes.</summary>
public sealed class LiveMessageConverter : JsonConverter<LiveMessage>
{
    public override LiveMessage Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Messages go to browsers only.");

    public override void Write(
        Utf8JsonWriter writer, LiveMessage value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Json.Span, skipInputValidation: true);
}
