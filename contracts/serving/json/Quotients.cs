using System.Numerics;
using TradeProcessor.Contracts;

namespace TradeProcessor.Serving;

/// <summary>Quotients in whole-number arithmetic, rounded half to even.</summary>
public static class Quotients
{
    /// <summary>Significant digits of a volume-weighted price.</summary>
    public const int VwapDigits = 12;

    /// <summary>Decimals of a change.</summary>
    public const int ChangeDecimals = 6;

    private const int MaxDigits128 = 38;
    private static readonly UInt128[] PowersOfTen = Powers();

    /// <summary>Σbuy / Σsell to 12 significant digits; null where nothing was sold.</summary>
    public static JsonNumber? Vwap(in Aggregate aggregate) =>
        aggregate.SellUnits == 0 ? null : Divide(aggregate.BuyUnits, aggregate.SellUnits);

    /// <summary>close / open − 1 to 6 decimals; null where there is no opening rate.</summary>
    public static JsonNumber? Change(in Aggregate aggregate)
    {
        var (open, close) = (aggregate.Open.Rate, aggregate.Close.Rate);
        if (open.Mantissa == 0)
            return null;
        var was = new BigInteger(open.Mantissa) * BigInteger.Pow(10, close.Scale);
        var now = new BigInteger(close.Mantissa) * BigInteger.Pow(10, open.Scale);
        var difference = (now - was) * BigInteger.Pow(10, ChangeDecimals);
        var rounded = DivideHalfEven(BigInteger.Abs(difference), was);
        return new JsonNumber((UInt128)rounded, ChangeDecimals, difference.Sign < 0);
    }

    private static JsonNumber Divide(UInt128 numerator, UInt128 denominator)
    {
        if (numerator == 0)
            return default;
        int over = Digits(numerator), under = Digits(denominator);
        // Brings the quotient to 12 or 13 digits; exact, so that the last one can go unrounded.
        var scale = VwapDigits - over + under;
        return scale >= 0 && VwapDigits + under <= MaxDigits128
            ? DivideIn128(numerator, denominator, scale)
            : DivideInBig(numerator, denominator, scale);
    }

    // All ordinary sums; the other way allocates several times for each point of a series.
    private static JsonNumber DivideIn128(UInt128 numerator, UInt128 denominator, int scale)
    {
        var scaled = numerator * PowersOfTen[scale];
        if (scaled >= denominator * PowersOfTen[VwapDigits])
        {
            if (scale == 0)
                return DivideInBig(numerator, denominator, scale);
            scaled = numerator * PowersOfTen[--scale];
        }
        var (quotient, rest) = UInt128.DivRem(scaled, denominator);
        var half = denominator - rest;
        if (rest > half || (rest == half && UInt128.IsOddInteger(quotient)))
            quotient++;
        return new JsonNumber(quotient, scale);
    }

    private static JsonNumber DivideInBig(UInt128 numerator, UInt128 denominator, int scale)
    {
        BigInteger over = numerator, under = denominator;
        if (Over(scale) >= Under(scale) * BigInteger.Pow(10, VwapDigits))
            scale--;
        return new JsonNumber((UInt128)DivideHalfEven(Over(scale), Under(scale)), scale);

        BigInteger Over(int at) => over * BigInteger.Pow(10, Math.Max(at, 0));
        BigInteger Under(int at) => under * BigInteger.Pow(10, Math.Max(-at, 0));
    }

    private static BigInteger DivideHalfEven(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var rest);
        var order = (2 * rest).CompareTo(denominator);
        return order > 0 || (order == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    private static int Digits(UInt128 number)
    {
        var low = 1;
        while (low < PowersOfTen.Length && number >= PowersOfTen[low])
            low++;
        return low;
    }

    private static UInt128[] Powers()
    {
        var powers = new UInt128[MaxDigits128 + 1];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
