namespace TradeProcessor.Contracts;

/// <summary>
/// Aggregates in few bytes: LEB128 varints, instants relative to a base. About 35 bytes for a cell
/// of ordinary trades, where the struct takes 144.
/// </summary>
public static class AggregateCodec
{
    /// <summary>Upper bound of one aggregate's bytes.</summary>
    public const int MaxBytes = 10 + 2 * 19 + 4 * 11 + 2 * 10;

    /// <summary>Writes the aggregate; returns its length.</summary>
    public static int Write(Span<byte> destination, in Aggregate aggregate, long baseTicks)
    {
        var writer = new VarintWriter(destination);
        writer.Write((ulong)aggregate.Count);
        writer.Write(aggregate.SellUnits);
        writer.Write(aggregate.BuyUnits);
        Write(ref writer, aggregate.Open, baseTicks);
        Write(ref writer, aggregate.Close, baseTicks);
        Write(ref writer, aggregate.High);
        Write(ref writer, aggregate.Low);
        return writer.Written;
    }

    /// <summary>Reads an aggregate and moves the bytes on behind it.</summary>
    /// <exception cref="InvalidDataException">The bytes are no aggregate.</exception>
    public static Aggregate Read(ref ReadOnlySpan<byte> source, long baseTicks) => new()
    {
        Count = (long)Varint.Read(ref source),
        SellUnits = Varint.Read128(ref source),
        BuyUnits = Varint.Read128(ref source),
        Open = ReadRateAt(ref source, baseTicks),
        Close = ReadRateAt(ref source, baseTicks),
        High = ReadDecimal(ref source),
        Low = ReadDecimal(ref source),
    };

    private static void Write(ref VarintWriter writer, in RateAt rate, long baseTicks)
    {
        writer.Write(Varint.ZigZag(rate.AtTicks - baseTicks));
        Write(ref writer, rate.Rate);
    }

    private static void Write(ref VarintWriter writer, ExactDecimal number)
    {
        writer.Write(number.Mantissa);
        writer.Write(number.Scale);
    }

    private static RateAt ReadRateAt(ref ReadOnlySpan<byte> source, long baseTicks)
    {
        var at = Varint.UnZigZag(Varint.Read(ref source)) + baseTicks;
        return new RateAt(at, ReadDecimal(ref source));
    }

    private static ExactDecimal ReadDecimal(ref ReadOnlySpan<byte> source) =>
        new(Varint.Read(ref source), (byte)Varint.Read(ref source));
}
