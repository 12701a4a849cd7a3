using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>Reads amounts and rates without rounding, whatever their length.</summary>
internal static class AmountText
{
    public const int AmountScale = 8;
    public const int RateScale = 18;

    // The largest amount is 1e12: a one and twelve zeros.
    private const int MaxMagnitude = 13;

    /// <param name="maxScale">Most decimals, trailing zeros not counted.</param>
    public static RejectCode Read(in JsonNumber number, int maxScale, out ExactDecimal value)
    {
        value = default;
        var integer = AfterZeros(number.Integer);
        var fraction = BeforeZeros(number.Fraction);
        var decimals = fraction.Length;
        var leadingZeros = 0;
        if (integer.IsEmpty)
        {
            fraction = AfterZeros(fraction);
            leadingZeros = decimals - fraction.Length;
            if (fraction.IsEmpty)
                return RejectCode.MustBePositive;
        }
        if (number.Negative)
            return RejectCode.MustBePositive;

        // The value is the digits of `integer` and `fraction` times 10^exponent, and less than
        // 10^magnitude.
        var exponent = Exponent(number) - decimals;
        var magnitude = exponent + decimals + integer.Length - leadingZeros;
        if (fraction.IsEmpty)
        {
            exponent += integer.Length;
            integer = BeforeZeros(integer);
            exponent -= integer.Length;
        }
        var digits = integer.Length + fraction.Length;
        if (magnitude > MaxMagnitude
            || magnitude == MaxMagnitude && (digits > 1 || integer.IndexOfAnyExcept((byte)'1') >= 0
                || fraction.IndexOfAnyExcept((byte)'1') >= 0))
        {
            return RejectCode.OutOfRange;
        }
        if (-exponent > maxScale || digits > ExactDecimal.MaxDigits)
            return RejectCode.TooPrecise;

        var mantissa = Append(Append(0, integer), fraction);
        value = exponent > 0
            ? new ExactDecimal(mantissa * ExactDecimal.PowerOfTen((int)exponent), 0)
            : new ExactDecimal(mantissa, (byte)-exponent);
        return RejectCode.None;
    }

    // Saturates far outside of what the number of digits can make up for.
    private static long Exponent(in JsonNumber number)
    {
        const long Limit = 1_000_000_000_000_000;
        long exponent = 0;
        foreach (var digit in number.Exponent)
            exponent = Math.Min(exponent * 10 + (digit - '0'), Limit);
        return number.NegativeExponent ? -exponent : exponent;
    }

    private static ulong Append(ulong mantissa, ReadOnlySpan<byte> digits)
    {
        foreach (var digit in digits)
            mantissa = mantissa * 10 + (digit - (ulong)'0');
        return mantissa;
    }

    private static ReadOnlySpan<byte> AfterZeros(ReadOnlySpan<byte> digits)
    {
        var start = 0;
        while (start < digits.Length && digits[start] == '0')
            start++;
        return digits[start..];
    }

    private static ReadOnlySpan<byte> BeforeZeros(ReadOnlySpan<byte> digits)
    {
        var end = digits.Length;
        while (end > 0 && digits[end - 1] == '0')
            end--;
        return digits[..end];
    }
}
