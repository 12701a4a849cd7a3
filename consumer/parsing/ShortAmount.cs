using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>
/// Reads amounts of at most 15 characters without a loop over their digits: the digits are moved
/// together, over the point, and against the right end of a vector, whose halves become numbers by
/// multiplication.
/// </summary>
internal static class ShortAmount
{
    private const int MaxLength = 15;
    private const int MaxIntegers = 12; // below 1e12, so always in range

    /// <summary>
    /// Reads a positive number in ExactDecimal's normal form. Answers its length, or 0 where it is
    /// not short, plain and good: then <see cref="AmountText"/> tells.
    /// </summary>
    /// <param name="text">16 bytes can be read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe int Read(byte* text, int maxScale, out ulong mantissa, out int scale)
    {
        mantissa = 0;
        scale = 0;
        var digits = Vector128.Load(text) - Vector128.Create((byte)'0');
        var isDigit = Vector128.LessThanOrEqual(digits, Vector128.Create((byte)9))
            .ExtractMostSignificantBits();
        var integers = BitOperations.TrailingZeroCount(~isDigit);
        if (integers is 0 or > MaxIntegers || integers > 1 && *text == '0')
            return 0;
        var length = integers;
        if (text[integers] == '.')
        {
            length += 1 + BitOperations.TrailingZeroCount(~(isDigit >> (integers + 1)));
            if (length == integers + 1 || length > MaxLength)
                return 0;
            // The point counts as no zero, so that the search ends there.
            var notZero = ~Vector128.Equals(digits, Vector128<byte>.Zero)
                .ExtractMostSignificantBits();
            scale = BitOperations.Log2(notZero & ((1u << length) - 1)) - integers;
            if (scale > maxScale)
                return 0;
        }
        // Lane i takes digit i - (16 - count), one further on behind the point; none is zero.
        var count = integers + scale;
        var from = Vector128<sbyte>.Indices + Vector128.Create((sbyte)(count - 16));
        from -= Vector128.GreaterThan(from, Vector128.Create((sbyte)(integers - 1)));
        var aligned = Vector128.ShuffleNative(digits, from.AsByte()).AsUInt64();
        mantissa = EightDigits(aligned.ToScalar()) * 100_000_000
            + EightDigits(aligned.GetElement(1));
        return mantissa == 0 ? 0 : length;
    }

    // Adds neighbours: 8 digits, 4 pairs, then all at once in the upper half.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightDigits(ulong digits)
    {
        const ulong Mask = 0x0000_00FF_0000_00FF;
        digits = digits * 10 + (digits >> 8);
        return ((digits & Mask) * (100 + (1_000_000UL << 32))
            + ((digits >> 16) & Mask) * (1 + (10_000UL << 32))) >> 32;
    }
}
