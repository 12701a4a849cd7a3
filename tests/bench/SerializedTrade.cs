using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Bench;

/// <summary>A trade as a program without a parser of its own would read it.</summary>
internal sealed class SerializedTrade
{
    private static readonly string[] TimeFormats =
        ["d-MMM-yy H:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    public string? UserId { get; set; }
    public string? CurrencyFrom { get; set; }
    public string? CurrencyTo { get; set; }
    public decimal AmountSell { get; set; }
    public decimal AmountBuy { get; set; }
    public decimal Rate { get; set; }
    public string? TimePlaced { get; set; }
    public string? OriginatingCountry { get; set; }

    public static SerializedTrade? Read(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, SerializedTradeJson.Default.SerializedTrade);

    /// <exception cref="FormatException">The trade is not good.</exception>
    public int ToRecord(Span<byte> record)
    {
        Span<byte> ascii = stackalloc byte[TradeRecord.MaxUserIdBytes];
        if (!AssetTable.Iso.TryFind(Ascii(CurrencyFrom, ascii), out var from)
            || !AssetTable.Iso.TryFind(Ascii(CurrencyTo, ascii), out var to)
            || from == to
            || !CountryCode.TryParse(Ascii(OriginatingCountry, ascii), out var country)
            || !DateTime.TryParseExact(TimePlaced, TimeFormats, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var placed)
            || UserId is null or "" || UserId.Length > 128)
        {
            throw new FormatException();
        }
        var count = 0;
        foreach (var rune in UserId.EnumerateRunes())
        {
            if (++count > 64 || Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
                throw new FormatException();
        }
        var userId = ascii[..Encoding.UTF8.GetBytes(UserId, ascii)];
        return TradeRecord.Write(
            record, from, to, country, Exact(AmountSell, AmountText.AmountScale),
            Exact(AmountBuy, AmountText.AmountScale), Exact(Rate, AmountText.RateScale),
            placed.Ticks, userId);
    }

    private static ReadOnlySpan<byte> Ascii(string? text, Span<byte> destination) =>
        text is { Length: <= 8 } ? destination[..Encoding.ASCII.GetBytes(text, destination)] : default;

    private static ExactDecimal Exact(decimal value, int maxScale)
    {
        if (value is <= 0 or > 1_000_000_000_000m)
            throw new FormatException();
        Span<int> bits = stackalloc int[4];
        _ = decimal.GetBits(value, bits);
        var scale = bits[3] >> 16 & 0xFF;
        var mantissa = new UInt128((uint)bits[2], (ulong)(uint)bits[1] << 32 | (uint)bits[0]);
        while (scale > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            scale--;
        }
        if (scale > maxScale || mantissa > 999_999_999_999_999_999)
            throw new FormatException();
        return new ExactDecimal((ulong)mantissa, (byte)scale);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SerializedTrade))]
internal sealed partial class SerializedTradeJson : JsonSerializerContext;
