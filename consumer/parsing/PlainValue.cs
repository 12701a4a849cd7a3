using System.Runtime.CompilerServices;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>
/// Good values where they lie: each answers how many bytes it is, or 0 where it is not good or
/// not plain. Those between quotes are read from behind the first quote, and count the second one.
/// Up to 96 bytes from the text on are looked at, wherever the end is; those that must be counted
/// first stay before it.
/// </summary>
internal static unsafe class PlainValue
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Asset(KnownCodes codes, byte* text, out uint packed)
    {
        packed = codes.Asset(text);
        return packed != 0 && text[3] == '"' ? 4 : OtherAsset(codes, text, out packed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Country(KnownCodes codes, byte* text, out ushort packed)
    {
        packed = codes.Country(text);
        return packed != 0 && text[2] == '"' ? 3 : 0;
    }

    /// <param name="mantissa">Where its eight bytes go.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Amount(byte* text, byte* end, int maxScale, byte* mantissa, out int scale)
    {
        var length = ShortAmount.Read(text, maxScale, out var value, out scale);
        Unsafe.WriteUnaligned(mantissa, value);
        return length != 0 ? length : OtherAmount(text, end, maxScale, mantissa, out scale);
    }

    /// <param name="ticks">Where its eight bytes go.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Time(byte* text, byte* end, byte* ticks)
    {
        var length = NamedTime.Read(text, out var value);
        Unsafe.WriteUnaligned(ticks, value);
        return length != 0 ? length : OtherTime(text, end, ticks);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int OtherAsset(KnownCodes codes, byte* text, out uint packed)
    {
        var length = QuoteAt(text, AssetCode.MaxLength + 1);
        var found = codes.Table.TryFind(new ReadOnlySpan<byte>(text, length), out var code);
        packed = code.Packed;
        return found ? length + 1 : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int OtherAmount(
        byte* text, byte* end, int maxScale, byte* mantissa, out int scale)
    {
        scale = 0;
        if (text >= end || *text == '-')
            return 0;
        var json = new JsonCursor(new ReadOnlySpan<byte>(text, (int)(end - text)));
        if (!json.TryNumber(out var number)
            || AmountText.Read(number, maxScale, out var value) != RejectCode.None)
        {
            return 0;
        }
        Unsafe.WriteUnaligned(mantissa, value.Mantissa);
        scale = value.Scale;
        return json.Position;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int OtherTime(byte* text, byte* end, byte* ticks)
    {
        const int MaxLength = 35;
        if (text >= end)
            return 0;
        var length = QuoteAt(text, (int)Math.Min(MaxLength + 1, end - text));
        if (!PlacedTime.TryParse(new ReadOnlySpan<byte>(text, length), out var value))
            return 0;
        Unsafe.WriteUnaligned(ticks, value);
        return length + 1;
    }

    private static int QuoteAt(byte* text, int within) =>
        Math.Max(0, new ReadOnlySpan<byte>(text, within).IndexOf((byte)'"'));
}
