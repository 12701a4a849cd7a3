using System.Buffers.Binary;
using System.Text;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// A frame that could not be counted, with what is known of it. Little endian:
/// <code>
/// offset size
///  0      1   version, 1
///  1      8   position of the frame in its shard
///  9      8   died at, UTC ticks
/// 17      4   attempts
/// 21      2   bytes of the reason
/// 23      n   reason, UTF-8
/// 23+n    …   the frame's bytes as they were read
/// </code>
/// </summary>
internal sealed record DeadFrame(
    long Position, long DiedAtTicks, int Attempts, string Reason, ReadOnlyMemory<byte> Frame)
{
    private const byte Version = 1;
    private const int FixedBytes = 23;
    private const int MaxReasonChars = 1_000;

    public static byte[] Encode(
        long position, long diedAtTicks, int attempts, string reason, ReadOnlySpan<byte> frame)
    {
        var text = Encoding.UTF8.GetBytes(
            reason.Length <= MaxReasonChars ? reason : reason[..MaxReasonChars]);
        var bytes = new byte[FixedBytes + text.Length + frame.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), position);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(9), diedAtTicks);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(17), attempts);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(21), (ushort)text.Length);
        text.CopyTo(bytes, FixedBytes);
        frame.CopyTo(bytes.AsSpan(FixedBytes + text.Length));
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are no dead frame.</exception>
    public static DeadFrame Decode(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length < FixedBytes || span[0] != Version)
            throw new InvalidDataException("These bytes are no dead frame.");
        var end = FixedBytes + BinaryPrimitives.ReadUInt16LittleEndian(span[21..]);
        if (span.Length < end)
            throw new InvalidDataException("A dead frame is cut off.");
        return new DeadFrame(
            BinaryPrimitives.ReadInt64LittleEndian(span[1..]),
            BinaryPrimitives.ReadInt64LittleEndian(span[9..]),
            BinaryPrimitives.ReadInt32LittleEndian(span[17..]),
            Encoding.UTF8.GetString(span[FixedBytes..end]),
            bytes[end..]);
    }
}
