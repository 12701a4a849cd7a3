using System.Globalization;

namespace TradeProcessor.Contracts;

/// <summary>
/// A decimal number ≥ 0 without rounding: <c>Mantissa × 10^-Scale</c>, at most 18 digits in the
/// mantissa and a scale of 0–18. Normal form: no trailing zero behind the point, so equal numbers
/// have equal bits.
/// </summary>
public readonly record struct ExactDecimal(ulong Mantissa, byte Scale) : IComparable<ExactDecimal>
{
    public const int MaxDigits = 18;
    public const int MaxScale = 18;

    /// <summary>Decimals of a sum: sums count units of 1e-8.</summary>
    public const int SumScale = 8;

    /// <summary>Longest text of <see cref="Format(Span{byte})"/>: "0." and 18 decimals, or 18 digits and a point.</summary>
    public const int MaxTextBytes = 20;

    // An array: a span over constants allocates on every use in Debug builds.
    private static readonly ulong[] PowersOfTen =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
        10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000,
        100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ];

    /// <summary>10^exponent, for exponents 0–19.</summary>
    public static ulong PowerOfTen(int exponent) => PowersOfTen[exponent];

    /// <summary>The number in units of 1e-8. Only for a scale of at most 8.</summary>
    public UInt128 ToUnits()
    {
        var high = Math.BigMul(Mantissa, PowersOfTen[SumScale - Scale], out var low);
        return new UInt128(high, low);
    }

    public int CompareTo(ExactDecimal other)
    {
        if (Scale == other.Scale)
            return Mantissa.CompareTo(other.Mantissa);
        return Scaled(this, other.Scale).CompareTo(Scaled(other, Scale));

        static UInt128 Scaled(ExactDecimal number, byte by)
        {
            var high = Math.BigMul(number.Mantissa, PowersOfTen[by], out var low);
            return new UInt128(high, low);
        }
    }

    /// <summary>Writes the shortest exact JSON number; returns its length.</summary>
    public int Format(Span<byte> destination) => Format(Mantissa, Scale, destination);

    /// <summary>Writes a sum (units of 1e-8) as the shortest exact JSON number.</summary>
    public static int FormatUnits(UInt128 units, Span<byte> destination) =>
        Format(units, SumScale, destination);

    /// <summary>Writes <c>mantissa × 10^-scale</c> as the shortest exact JSON number.</summary>
    public static int Format(UInt128 mantissa, int scale, Span<byte> destination)
    {
        while (scale > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            scale--;
        }
        if (scale == 0)
        {
            _ = mantissa.TryFormat(destination, out var whole, default, CultureInfo.InvariantCulture);
            return whole;
        }
        Span<byte> digits = stackalloc byte[40];
        _ = mantissa.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
        var written = 0;
        var integers = count - scale;
        if (integers <= 0)
        {
            destination[written++] = (byte)'0';
            destination[written++] = (byte)'.';
            destination.Slice(written, -integers).Fill((byte)'0');
            written += -integers;
            digits[..count].CopyTo(destination[written..]);
            return written + count;
        }
        digits[..integers].CopyTo(destination);
        destination[integers] = (byte)'.';
        digits[integers..count].CopyTo(destination[(integers + 1)..]);
        return count + 1;
    }

    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxTextBytes];
        return System.Text.Encoding.ASCII.GetString(text[..Format(text)]);
    }
}
