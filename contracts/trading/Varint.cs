namespace TradeProcessor.Contracts;

/// <summary>LEB128: seven bits a byte, the low ones first.</summary>
public static class Varint
{
    private const int MaxShift = 63;

    /// <exception cref="InvalidDataException">The bytes end within the number.</exception>
    public static ulong Read(ref ReadOnlySpan<byte> source)
    {
        ulong value = 0;
        var shift = 0;
        for (var i = 0; i < source.Length && shift <= MaxShift; i++, shift += 7)
        {
            value |= (ulong)(source[i] & 0x7F) << shift;
            if (source[i] < 0x80)
            {
                source = source[(i + 1)..];
                return value;
            }
        }
        throw new InvalidDataException("A number ends too early or is too long.");
    }

    /// <inheritdoc cref="Read"/>
    public static UInt128 Read128(ref ReadOnlySpan<byte> source)
    {
        UInt128 value = 0;
        var shift = 0;
        for (var i = 0; i < source.Length && shift < 128; i++, shift += 7)
        {
            value |= (UInt128)(uint)(source[i] & 0x7F) << shift;
            if (source[i] < 0x80)
            {
                source = source[(i + 1)..];
                return value;
            }
        }
        throw new InvalidDataException("A number ends too early or is too long.");
    }

    public static ulong ZigZag(long value) => (ulong)(value << 1 ^ value >> 63);

    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}

/// <summary>Writes varints one after the other.</summary>
public ref struct VarintWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Written { get; private set; }

    public void Write(ulong value)
    {
        while (value >= 0x80)
        {
            _destination[Written++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _destination[Written++] = (byte)value;
    }

    public void Write(UInt128 value)
    {
        while (value > ulong.MaxValue)
        {
            _destination[Written++] = (byte)((byte)value | 0x80);
            value >>= 7;
        }
        Write((ulong)value);
    }
}
