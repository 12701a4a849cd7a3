using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace TradeProcessor.Frontend.Live;

/// <summary>JSON that was written once and goes to many browsers as it is.</summary>
[JsonConverter(typeof(LiveMessageConverter))]
public sealed class LiveMessage
{
    public LiveMessage(ReadOnlyMemory<byte> json)
    {
        Json = json;
        // Framed on first use, and the same bytes for all connections after that.
        Update = new SerializedHubMessage(new InvocationMessage("update", [this]));
    }

    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>As the message <c>update</c>.</summary>
    internal SerializedHubMessage Update { get; }
}

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
