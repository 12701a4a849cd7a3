using System.Buffers.Text;
using System.Diagnostics;

namespace TradeProcessor.Load.Generation;

/// <summary>Writes a trade as UTF-8 JSON straight into the request.</summary>
internal static class TradeJson
{
    /// <summary>No trade of the generator is longer; most take about 190 bytes.</summary>
    public const int MaxBytes = 256;

    private static readonly byte[][] Countries =
        [.. Country.All.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <returns>The number of bytes written.</returns>
    public static int Write(in Trade trade, Span<byte> target)
    {
        var pair = CurrencyPair.All[trade.Pair];
        var at = Copy("{\"userId\":\""u8, target, 0);
        at = Digits(trade.UserId, target, at);
        at = Copy(pair.Json, target, at);
        at = Cents(trade.SellCents, target, at);
        at = Copy(",\"amountBuy\":"u8, target, at);
        at = Cents(trade.BuyCents, target, at);
        at = Copy(",\"rate\":"u8, target, at);
        at = Decimal(trade.Rate, pair.Decimals, target, at);
        at = Copy(",\"timePlaced\":\""u8, target, at);
        at = Time(trade, target, at);
        at = Copy("\",\"originatingCountry\":\""u8, target, at);
        at = Copy(Countries[trade.Country], target, at);
        return Copy("\"}"u8, target, at);
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> target, int at)
    {
        text.CopyTo(target[at..]);
        return at + text.Length;
    }

    private static int Digits(long value, Span<byte> target, int at)
    {
        var fits = Utf8Formatter.TryFormat(value, target[at..], out var written);
        Debug.Assert(fits);
        return at + written;
    }

    // Whole amounts go without a point, as the sample has them: both forms must be understood.
    private static int Cents(long cents, Span<byte> target, int at) =>
        cents % 100 == 0 ? Digits(cents / 100, target, at) : Decimal(cents, 2, target, at);

    private static int Decimal(long mantissa, int decimals, Span<byte> target, int at)
    {
        Span<byte> fraction = stackalloc byte[8];
        for (var digit = decimals - 1; digit >= 0; digit--)
        {
            (mantissa, var low) = Math.DivRem(mantissa, 10);
            fraction[digit] = (byte)('0' + low);
        }

        at = Digits(mantissa, target, at);
        target[at++] = (byte)'.';
        return Copy(fraction[..decimals], target, at);
    }

    private static int Time(in Trade trade, Span<byte> target, int at)
    {
        var date = trade.Iso ? TradeDates.IsoForm(trade.Day) : TradeDates.SampleForm(trade.Day);
        at = Copy(date, target, at);
        at = TwoDigits(trade.Second / 3600, target, at);
        target[at++] = (byte)':';
        at = TwoDigits(trade.Second / 60 % 60, target, at);
        target[at++] = (byte)':';
        at = TwoDigits(trade.Second % 60, target, at);
        if (trade.Iso)
            target[at++] = (byte)'Z';
        return at;
    }

    private static int TwoDigits(int value, Span<byte> target, int at)
    {
        target[at] = (byte)('0' + value / 10);
        target[at + 1] = (byte)('0' + value % 10);
        return at + 2;
    }
}
