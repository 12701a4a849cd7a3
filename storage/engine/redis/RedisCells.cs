using System.Buffers.Binary;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Cells;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Which commit last changed an interval: equal stamps mean equal cells, so what a reader has
/// kept of them is still right.
/// </summary>
/// <param name="Lease">Random identity of the lease that committed.</param>
/// <param name="Position">End position of the commit.</param>
internal readonly record struct IntervalStamp(ulong Lease, long Position)
{
    public const int Bytes = 16;
}

/// <summary>
/// Bytes of cells in Redis.
/// <code>
/// cells:…   field  from, to, country as varints          value  aggregate (AggregateCodec)
/// block:…   4 bytes count, then the bytes of a CellBlock
/// totals:…  field  interval number as decimal digits     value  8 bytes lease, 8 bytes position,
///                                                               aggregate (AggregateCodec)
/// </code>
/// Integers are little endian; instants are relative to the interval's start.
/// </summary>
internal static class RedisCells
{
    public static byte[] Field(in CellKey key)
    {
        Span<byte> bytes = stackalloc byte[3 * 10];
        var writer = new VarintWriter(bytes);
        writer.Write(key.Pair.From.Packed);
        writer.Write(key.Pair.To.Packed);
        writer.Write(key.Country.Packed);
        return bytes[..writer.Written].ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no key.</exception>
    public static CellKey ReadField(ReadOnlySpan<byte> bytes)
    {
        var from = new AssetCode((uint)Varint.Read(ref bytes));
        var to = new AssetCode((uint)Varint.Read(ref bytes));
        return new CellKey(
            new CurrencyPair(from, to), new CountryCode((ushort)Varint.Read(ref bytes)));
    }

    public static byte[] Value(in Aggregate aggregate, long startTicks)
    {
        Span<byte> bytes = stackalloc byte[AggregateCodec.MaxBytes];
        return bytes[..AggregateCodec.Write(bytes, aggregate, startTicks)].ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no aggregate.</exception>
    public static Aggregate ReadValue(ReadOnlySpan<byte> bytes, long startTicks) =>
        AggregateCodec.Read(ref bytes, startTicks);

    public static byte[] Block(long startTicks, ReadOnlySpan<Cell> cells)
    {
        var packed = CellBlock.Pack(startTicks, cells).Packed.Span;
        var bytes = new byte[sizeof(int) + packed.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, cells.Length);
        packed.CopyTo(bytes.AsSpan(sizeof(int)));
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are no cells.</exception>
    public static CellBlock ReadBlock(ReadOnlySpan<byte> bytes, long startTicks) =>
        bytes.Length >= sizeof(int)
            ? CellBlock.FromPacked(
                startTicks,
                BinaryPrimitives.ReadInt32LittleEndian(bytes),
                bytes[sizeof(int)..].ToArray())
            : throw new InvalidDataException("A block of cells is cut off.");

    public static byte[] Total(IntervalStamp stamp, in Aggregate total, long startTicks)
    {
        Span<byte> bytes = stackalloc byte[IntervalStamp.Bytes + AggregateCodec.MaxBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, stamp.Lease);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], stamp.Position);
        var written = AggregateCodec.Write(bytes[IntervalStamp.Bytes..], total, startTicks);
        return bytes[..(IntervalStamp.Bytes + written)].ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no total.</exception>
    public static (IntervalStamp Stamp, Aggregate Total) ReadTotal(
        ReadOnlySpan<byte> bytes, long startTicks)
    {
        if (bytes.Length < IntervalStamp.Bytes)
            throw new InvalidDataException("An interval's total is cut off.");
        var stamp = new IntervalStamp(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]));
        return (stamp, ReadValue(bytes[IntervalStamp.Bytes..], startTicks));
    }
}
