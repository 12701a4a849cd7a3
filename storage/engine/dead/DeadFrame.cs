using System.Buffers.Binary;
using System.Text;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Dead;

/// <summary>
/// A dead frame as it is kept, in a list of Redis or a file. Little endian.
/// <code>
/// offset size
///  0      1   version, 1
///  1      8   position of the frame in its shard
///  9      8   died at, UTC ticks
/// 17      4   attempts
/// 21      2   bytes of the reason
/// 23      n   reason, UTF-8
/// 23+n    m   the frame's bytes, as they stood in the log
/// </code>
/// </summary>
internal sealed record DeadFrame(
    long Position, long DiedAtTicks, int Attempts, string Reason, ReadOnlyMemory<byte> Frame)
{
    public const byte Version = 1;
    public const int FixedBytes = 23;

    /// <summary>A longer reason is cut.</summary>
    public const int MaxReasonBytes = 1000;

    /// <summary>As many bytes as tell all but the trades.</summary>
    public const int MaxHeadBytes = FixedBytes + ushort.MaxValue + TradeFrame.HeaderBytes;

    public byte[] ToBytes()
    {
        var reason = Cut(Encoding.UTF8.GetBytes(Reason));
        var bytes = new byte[FixedBytes + reason.Length + Frame.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), Position);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(9), DiedAtTicks);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(17), Attempts);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(21), (ushort)reason.Length);
        reason.CopyTo(bytes.AsSpan(FixedBytes));
        Frame.Span.CopyTo(bytes.AsSpan(FixedBytes + reason.Length));
        return bytes;
    }

    /// <param name="bytes">Its end may be missing: then that of the frame is, too.</param>
    /// <returns>Null where the bytes are no dead frame.</returns>
    public static DeadFrame? TryRead(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length < FixedBytes || span[0] != Version)
            return null;
        var end = FixedBytes + BinaryPrimitives.ReadUInt16LittleEndian(span[21..]);
        var diedAtTicks = BinaryPrimitives.ReadInt64LittleEndian(span[9..]);
        if (span.Length < end || diedAtTicks < 0 || diedAtTicks > DateTime.MaxValue.Ticks)
            return null;
        return new DeadFrame(
            BinaryPrimitives.ReadInt64LittleEndian(span[1..]),
            diedAtTicks,
            BinaryPrimitives.ReadInt32LittleEndian(span[17..]),
            Encoding.UTF8.GetString(span[FixedBytes..end]),
            bytes[end..]);
    }

    /// <param name="missingBytes">Of the frame's end, where only its beginning was read.</param>
    public DeadLetter Describe(int shard, long missingBytes = 0)
    {
        var readable = TradeFrame.ReadHeader(Frame.Span, out var header) == FrameStatus.Whole
            && header.ReceivedAtTicks >= 0 && header.ReceivedAtTicks <= DateTime.MaxValue.Ticks;
        return new DeadLetter(
            DeadId.Of(shard, Position),
            shard,
            new DateTime(DiedAtTicks, DateTimeKind.Utc),
            readable ? new DateTime(header.ReceivedAtTicks, DateTimeKind.Utc) : null,
            readable ? header.Count : 0,
            (int)(Frame.Length + missingBytes),
            Attempts,
            Reason);
    }

    /// <summary>Whether it can be counted: the frame is whole, and so are its records.</summary>
    public bool IsWhole =>
        TradeFrame.Read(Frame.Span, out var header) == FrameStatus.Whole
        && header.FrameBytes == Frame.Length
        && FrameCheck.FindFault(Frame.Span, header) is null;

    /// <summary>
    /// The same trades, received when they were, as the first frame of another producer. The frame
    /// must be whole.
    /// </summary>
    public byte[] Resealed(ulong producerId)
    {
        var frame = Frame.ToArray();
        _ = TradeFrame.ReadHeader(frame, out var header);
        TradeFrame.Seal(
            frame, header.Count, producerId, 1, header.ReceivedAtTicks, header.KeyBytes);
        return frame;
    }

    // Not within a character.
    private static ReadOnlySpan<byte> Cut(byte[] reason)
    {
        if (reason.Length <= MaxReasonBytes)
            return reason;
        var length = MaxReasonBytes;
        while ((reason[length] & 0xC0) == 0x80)
            length--;
        return reason.AsSpan(0, length);
    }
}
