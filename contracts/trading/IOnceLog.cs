using System.Buffers.Binary;

namespace TradeProcessor.Contracts;

/// <summary>The first 16 bytes of the SHA-256 of an idempotency key.</summary>
public readonly record struct RequestKey(ulong Low, ulong High)
{
    public const int Bytes = 16;

    public static RequestKey Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], High);
    }
}

/// <summary>The first 16 bytes of the SHA-256 of a request's media type and body.</summary>
public readonly record struct BodyDigest(ulong Low, ulong High)
{
    public const int Bytes = 16;

    public static BodyDigest Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], High);
    }
}

/// <summary>A key and the body that it stands for.</summary>
public readonly record struct BoundKey(RequestKey Key, BodyDigest Body)
{
    public const int Bytes = RequestKey.Bytes + BodyDigest.Bytes;

    public static BoundKey Read(ReadOnlySpan<byte> bytes) =>
        new(RequestKey.Read(bytes), BodyDigest.Read(bytes[RequestKey.Bytes..]));

    public void Write(Span<byte> bytes)
    {
        Key.Write(bytes);
        Body.Write(bytes[RequestKey.Bytes..]);
    }
}

/// <summary>A request that is to be logged once.</summary>
/// <param name="Records">Its accepted trades, at least one.</param>
/// <param name="Count">Number of trades.</param>
public readonly record struct OnceAppend(BoundKey Bound, ReadOnlyMemory<byte> Records, int Count)
{
    /// <summary>Limit of <see cref="Records"/>: with its key, a request fits one frame.</summary>
    public const int MaxRecordBytes = TradeFrame.MaxPayloadBytes - BoundKey.Bytes;
}

/// <summary>What became of one request of a call.</summary>
public enum OnceOutcome
{
    /// <summary>This call brought its trades into the log.</summary>
    Logged,

    /// <summary>The key is known with this body: the trades are in the log already.</summary>
    Repeated,

    /// <summary>The key is known with another body: nothing was logged.</summary>
    OtherBody,

    /// <summary>Too much waits to be counted: nothing was logged, the key stays free.</summary>
    Full,
}

/// <summary>
/// The log for requests that carry a key. A key is remembered if and only if its trades are in the
/// log, for <see cref="RememberedFor"/>. Each shard has one call at a time from each consumer.
/// </summary>
public interface IOnceLog
{
    static readonly TimeSpan RememberedFor = TimeSpan.FromHours(24);

    int ShardCount { get; }

    /// <summary>All consumers send a key to the same shard: it knows whether the key is new.</summary>
    int ShardOf(RequestKey key) => (int)(key.Low % (ulong)ShardCount);

    /// <summary>
    /// Brings those requests into the log whose key is new; completes when they are there at the
    /// log's durability. The records may be used again then.
    /// </summary>
    /// <param name="appends">
    /// Their keys differ; records and <see cref="BoundKey.Bytes"/> for each fit one frame together.
    /// </param>
    /// <param name="receivedAtTicks">Of the first trade; each is a tick later than the one before.
    /// </param>
    /// <returns>One outcome for each, in their order.</returns>
    /// <exception cref="LogUnavailableException">
    /// Nothing was logged, or nobody knows. Repeating the call is harmless: what was logged after
    /// all is <see cref="OnceOutcome.Repeated"/> then.
    /// </exception>
    ValueTask<OnceOutcome[]> AppendOnceAsync(
        int shard,
        IReadOnlyList<OnceAppend> appends,
        long receivedAtTicks,
        CancellationToken cancellation);
}
