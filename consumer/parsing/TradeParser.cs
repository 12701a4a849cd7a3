using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>How the bytes that should begin with a trade read.</summary>
internal enum ParseStatus
{
    /// <summary>A good trade; its record is written.</summary>
    Trade,

    /// <summary>A JSON object that is no good trade; the errors say why.</summary>
    Invalid,

    /// <summary>Not JSON, no object, invalid UTF-8, or nested deeper than 64.</summary>
    Malformed,

    /// <summary>More bytes are needed to tell.</summary>
    Incomplete,
}

/// <summary>
/// Reads one JSON object straight into a <see cref="TradeRecord"/>, without objects or strings.
/// <list type="number">
/// <item>JSON is RFC 8259, strictly, and valid UTF-8. Unknown members must be JSON too.</item>
/// <item>Names are case-sensitive. Names and strings may contain escapes.</item>
/// <item>One code for each field. A member twice is <c>duplicate_field</c>, whatever the values
/// are; absent or null is <c>required</c>; another JSON type is <c>wrong_type</c>.</item>
/// <item><c>userId</c>: empty is <c>required</c>; more than 64 Unicode scalars (half a surrogate
/// pair counts as one) is <c>too_long</c>; then anything but letters, marks, numbers, punctuation
/// and symbols is <c>bad_characters</c>.</item>
/// <item>Currencies: the exact code, else <c>unknown_currency</c>; two good and equal ones are
/// <c>same_currency</c> of <c>currencyTo</c>.</item>
/// <item>Amounts: zero or negative is <c>must_be_positive</c>; above 1e12 <c>out_of_range</c>;
/// then more than 8 decimals (rate: 18) or 18 significant digits, trailing zeros not counted,
/// <c>too_precise</c>. Exponents of any length are read.</item>
/// <item><c>timePlaced</c>: see <see cref="PlacedTime"/>, else <c>bad_time</c>; the country: ISO
/// 3166-1 alpha-2, else <c>unknown_country</c>.</item>
/// </list>
/// </summary>
internal sealed partial class TradeParser(AssetTable assets)
{
    /// <param name="utf8">Begins with the object, or with JSON whitespace before it.</param>
    /// <param name="isFinal">Nothing follows: an object that is not whole is malformed.</param>
    /// <param name="record">Room for <see cref="TradeRecord.MaxBytes"/>.</param>
    /// <param name="errors">Set for <see cref="ParseStatus.Invalid"/>, else empty.</param>
    /// <param name="consumed">Bytes up to behind the closing brace; for
    /// <see cref="ParseStatus.Malformed"/> where the text went wrong; 0 where incomplete.</param>
    /// <param name="written">Length of the record; 0 where there is none.</param>
    public ParseStatus Parse(
        ReadOnlySpan<byte> utf8,
        bool isFinal,
        Span<byte> record,
        ref TradeErrors errors,
        out int consumed,
        out int written)
    {
        errors = default;
        consumed = ReadPlain(utf8, record, out written);
        return consumed > 0
            ? ParseStatus.Trade
            : ParseOther(utf8, isFinal, record, ref errors, out consumed, out written);
    }

    private ParseStatus ParseOther(
        ReadOnlySpan<byte> utf8,
        bool isFinal,
        Span<byte> record,
        ref TradeErrors errors,
        out int consumed,
        out int written)
    {
        var trade = new TradeObject(assets, utf8, record);
        if (trade.TryRead(out errors, out written))
        {
            consumed = trade.Position;
            return errors.IsEmpty ? ParseStatus.Trade : ParseStatus.Invalid;
        }
        var incomplete = trade.Ended && !isFinal;
        consumed = incomplete ? 0 : trade.Position;
        return incomplete ? ParseStatus.Incomplete : ParseStatus.Malformed;
    }
}
