using System.Buffers.Binary;
using System.Text;

namespace TradeProcessor.Contracts;

/// <summary>
/// One trade inside a frame: a view over its bytes, little endian.
/// <code>
/// offset size
///  0      1   bytes of the user id, less one
///  1      1   scale of amountSell (low nibble) and of amountBuy (high nibble)
///  2      1   scale of rate
///  3      2   country
///  5      4   currencyFrom
///  9      4   currencyTo
/// 13      8   mantissa of amountSell
/// 21      8   mantissa of amountBuy
/// 29      8   mantissa of rate
/// 37      8   timePlaced, UTC, 100 ns ticks since 0001-01-01
/// 45      n   user id, UTF-8
/// </code>
/// </summary>
public readonly ref struct TradeRecord
{
    public const int FixedBytes = 45;
    public const int MaxUserIdBytes = 256;
    public const int MaxBytes = FixedBytes + MaxUserIdBytes;

    private readonly ReadOnlySpan<byte> _bytes;

    /// <param name="bytes">Begins with a record; may go on after it.</param>
    public TradeRecord(ReadOnlySpan<byte> bytes) => _bytes = bytes[..LengthAt(bytes)];

    /// <summary>Length in bytes of the record that the bytes begin with.</summary>
    public static int LengthAt(ReadOnlySpan<byte> bytes) => FixedBytes + bytes[0] + 1;

    public ReadOnlySpan<byte> Bytes => _bytes;
    public CountryCode Country => new(BinaryPrimitives.ReadUInt16LittleEndian(_bytes[3..]));
    public AssetCode From => new(BinaryPrimitives.ReadUInt32LittleEndian(_bytes[5..]));
    public AssetCode To => new(BinaryPrimitives.ReadUInt32LittleEndian(_bytes[9..]));
    public CurrencyPair Pair => new(From, To);

    public ExactDecimal AmountSell =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(_bytes[13..]), (byte)(_bytes[1] & 0xF));

    public ExactDecimal AmountBuy =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(_bytes[21..]), (byte)(_bytes[1] >> 4));

    public ExactDecimal Rate => new(BinaryPrimitives.ReadUInt64LittleEndian(_bytes[29..]), _bytes[2]);
    public long TimePlacedTicks => BinaryPrimitives.ReadInt64LittleEndian(_bytes[37..]);
    public ReadOnlySpan<byte> UserId => _bytes[FixedBytes..];

    /// <summary>Writes a record; returns its length. The user id has 1–256 bytes.</summary>
    public static int Write(
        Span<byte> destination,
        AssetCode from,
        AssetCode to,
        CountryCode country,
        ExactDecimal amountSell,
        ExactDecimal amountBuy,
        ExactDecimal rate,
        long timePlacedTicks,
        ReadOnlySpan<byte> userId)
    {
        // The last write first: one bounds check covers the rest.
        userId.CopyTo(destination[FixedBytes..]);
        var head = destination[..FixedBytes];
        head[0] = (byte)(userId.Length - 1);
        head[1] = (byte)(amountSell.Scale | amountBuy.Scale << 4);
        head[2] = rate.Scale;
        BinaryPrimitives.WriteUInt16LittleEndian(head[3..], country.Packed);
        BinaryPrimitives.WriteUInt32LittleEndian(head[5..], from.Packed);
        BinaryPrimitives.WriteUInt32LittleEndian(head[9..], to.Packed);
        BinaryPrimitives.WriteUInt64LittleEndian(head[13..], amountSell.Mantissa);
        BinaryPrimitives.WriteUInt64LittleEndian(head[21..], amountBuy.Mantissa);
        BinaryPrimitives.WriteUInt64LittleEndian(head[29..], rate.Mantissa);
        BinaryPrimitives.WriteInt64LittleEndian(head[37..], timePlacedTicks);
        return FixedBytes + userId.Length;
    }

    /// <summary>Copies the record out into an object, for readers.</summary>
    public Trade ToTrade(long receivedAtTicks) => new(
        Encoding.UTF8.GetString(UserId),
        From,
        To,
        AmountSell,
        AmountBuy,
        Rate,
        new DateTime(TimePlacedTicks, DateTimeKind.Utc),
        Country,
        new DateTime(receivedAtTicks, DateTimeKind.Utc));
}
