using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace TradeProcessor.Frontend.Live;

/// <summary>JSON that was written once and goes to many browsers as it is.</summary>
[JsonConverter(typeof(LiveMessageConverter))]
public sealed class LiveMessage
{
    private const byte FinalText = 0x81;

    private static readonly JsonHubProtocol Protocol = new();

    private byte[]? _frame;

    public LiveMessage(ReadOnlyMemory<byte> json)
    {
        Json = json;
        // Framed on first use, and the same bytes for all connections after that.
        Update = new SerializedHubMessage(new InvocationMessage("update", [this]));
    }

    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>As the message <c>update</c>.</summary>
    internal SerializedHubMessage Update { get; }

    /// <summary>The same as one WebSocket frame (RFC 6455, section 5.2).</summary>
    internal ReadOnlyMemory<byte> UpdateFrame =>
        _frame ??= Frame(Update.GetSerializedMessage(Protocol).Span);

    private static byte[] Frame(ReadOnlySpan<byte> payload)
    {
        byte[] head;
        if (payload.Length < 126)
        {
            head = [FinalText, (byte)payload.Length];
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            head = [FinalText, 126, 0, 0];
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)payload.Length);
        }
        else
        {
            head = [FinalText, 127, 0, 0, 0, 0, 0, 0, 0, 0];
            BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(2), (ulong)payload.Length);
        }
        return [.. head, .. payload];
    }
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
