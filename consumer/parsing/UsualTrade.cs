using System.Runtime.CompilerServices;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>
/// Reads a good trade as nearly all programs send it: the members in the usual order, either with
/// a space behind every colon and comma or without any. Whatever else it meets, it gives up, and
/// <see cref="PlainTrade"/> reads from the start.
/// </summary>
/// <remarks>
/// Each comparison with a whole <c>"name":</c> moves the position by a constant, so that the
/// processor predicts it and reads the members side by side.
/// </remarks>
internal static unsafe class UsualTrade
{
    /// <summary>Least bytes of a good trade, whatever its order.</summary>
    public const int MinBytes = 149;

    private const int AfterFirstColon = 10;

    /// <inheritdoc cref="PlainTrade.Read"/>
    /// <param name="text"><see cref="MinBytes"/> before the end, at least.</param>
    public static int Read(KnownCodes codes, byte* text, byte* stop, byte* end, byte* record)
    {
        int moved;
        var at = text;
        if ((moved = Either(at, "{\"userId\": \""u8, "{\"userId\":\""u8)) == 0)
            return 0;
        at += moved;
        if ((moved = PlainUserId.Read(
            at, end, record + TradeRecord.FixedBytes, out var userIdBytes)) == 0)
        {
            return 0;
        }
        at += moved;
        if (at >= stop
            || (moved = Either(at, ", \"currencyFrom\": \""u8, ",\"currencyFrom\":\""u8)) == 0)
        {
            return 0;
        }
        at += moved;
        if ((moved = PlainValue.Asset(codes, at, out var from)) == 0)
            return 0;
        at += moved;
        if ((moved = Either(at, ", \"currencyTo\": \""u8, ",\"currencyTo\":\""u8)) == 0)
            return 0;
        at += moved;
        if ((moved = PlainValue.Asset(codes, at, out var to)) == 0 || from == to)
            return 0;
        at += moved;

        if (at >= stop
            || (moved = Either(at, ", \"amountSell\": "u8, ",\"amountSell\":"u8)) == 0)
        {
            return 0;
        }
        at += moved;
        if ((moved = PlainValue.Amount(
            at, end, AmountText.AmountScale, record + PlainTrade.SellAt, out var sellScale)) == 0)
        {
            return 0;
        }
        at += moved;
        if (at >= stop || (moved = Either(at, ", \"amountBuy\": "u8, ",\"amountBuy\":"u8)) == 0)
            return 0;
        at += moved;
        if ((moved = PlainValue.Amount(
            at, end, AmountText.AmountScale, record + PlainTrade.BuyAt, out var buyScale)) == 0)
        {
            return 0;
        }
        at += moved;
        if (at >= stop || (moved = Either(at, ", \"rate\": "u8, ",\"rate\":"u8)) == 0)
            return 0;
        at += moved;
        if ((moved = PlainValue.Amount(
            at, end, AmountText.RateScale, record + PlainTrade.RateAt, out var rateScale)) == 0)
        {
            return 0;
        }
        at += moved;

        if (at >= stop
            || (moved = Either(at, ", \"timePlaced\": \""u8, ",\"timePlaced\":\""u8)) == 0)
        {
            return 0;
        }
        at += moved;
        if ((moved = PlainValue.Time(at, end, record + PlainTrade.TimeAt)) == 0)
            return 0;
        at += moved;
        if (at >= stop || (moved = Either(
            at, ", \"originatingCountry\": \""u8, ",\"originatingCountry\":\""u8)) == 0)
        {
            return 0;
        }
        at += moved;
        if ((moved = PlainValue.Country(codes, at, out var country)) == 0 || at[3] != '}'
            || (at += moved + 1) > end)
        {
            return 0;
        }
        PlainTrade.WriteHead(
            record, userIdBytes, sellScale | buyScale << 4 | rateScale << 8, country, from, to);
        return (int)(at - text);
    }

    // The length of the one that the text begins with, or 0. The byte in which they differ first
    // tells which one to compare with; else trades without spaces take a fifth longer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Either(byte* text, ReadOnlySpan<byte> spaced, ReadOnlySpan<byte> compact)
    {
        if (text[spaced[0] == '{' ? AfterFirstColon : 1] == ' ')
        {
            return new ReadOnlySpan<byte>(text, spaced.Length).SequenceEqual(spaced)
                ? spaced.Length
                : 0;
        }
        return new ReadOnlySpan<byte>(text, compact.Length).SequenceEqual(compact)
            ? compact.Length
            : 0;
    }
}
