using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Parsing;

/// <summary>
/// Reads a trade whose members come in any order, spelling and number. Plain and complete: what
/// <see cref="UsualTrade"/> does not know ends here.
/// </summary>
internal ref struct TradeObject(AssetTable assets, ReadOnlySpan<byte> text, Span<byte> record)
{
    // A name, currency, country or time without superfluous escapes fits; a longer one is unknown.
    private const int MaxCodeBytes = 64;

    private readonly Span<byte> _record = record;
    private JsonCursor _json = new(text);
    private TradeErrors _errors = default;
    private uint _seen;

    private AssetCode _from;
    private AssetCode _to;
    private ExactDecimal _amountSell;
    private ExactDecimal _amountBuy;
    private ExactDecimal _rate;
    private long _timePlaced;
    private CountryCode _country;
    private int _userIdBytes;

    public readonly int Position => _json.Position;

    /// <summary>Reading failed because the text ended.</summary>
    public readonly bool Ended => _json.Ended;

    /// <summary>Moves behind the closing brace; false where the text is no JSON object.</summary>
    public bool TryRead(out TradeErrors errors, out int written)
    {
        errors = default;
        written = 0;
        if (!_json.TryTake((byte)'{') || !TryMembers())
            return false;
        for (var field = TradeField.UserId; field < TradeField.Whole; field++)
        {
            if ((_seen >> (int)field & 1) == 0)
                _errors[field] = RejectCode.Required;
        }
        if (_from == _to && _errors[TradeField.CurrencyFrom] == RejectCode.None
            && _errors[TradeField.CurrencyTo] == RejectCode.None)
        {
            _errors[TradeField.CurrencyTo] = RejectCode.SameCurrency;
        }
        errors = _errors;
        if (errors.IsEmpty)
        {
            written = TradeRecord.Write(
                _record, _from, _to, _country, _amountSell, _amountBuy, _rate, _timePlaced,
                _record.Slice(TradeRecord.FixedBytes, _userIdBytes));
        }
        return true;
    }

    private bool TryMembers()
    {
        if (_json.Peek() == '}')
        {
            _json.Take();
            return true;
        }
        Span<byte> unescaped = stackalloc byte[TradeFields.MaxNameBytes];
        while (true)
        {
            if (!_json.TryName(out var raw, out var escaped))
                return false;
            scoped var name = raw;
            if (escaped)
            {
                name = JsonText.TryUnescape(raw, unescaped, out var bytes)
                    ? unescaped[..bytes]
                    : default;
            }
            if (!TryMember(TradeFields.Find(name)))
                return false;
            var next = _json.Peek();
            if (next is not ((byte)',' or (byte)'}'))
                return false;
            _json.Take();
            if (next == '}')
                return true;
        }
    }

    private bool TryMember(TradeField field)
    {
        if (field == TradeField.Whole)
            return _json.TrySkip(depth: 1);
        var bit = 1u << (int)field;
        if ((_seen & bit) != 0)
        {
            _errors[field] = RejectCode.DuplicateField;
            return _json.TrySkip(depth: 1);
        }
        _seen |= bit;
        var isNumber = field is TradeField.AmountSell or TradeField.AmountBuy or TradeField.Rate;
        switch (_json.Peek())
        {
            case (byte)'n':
                _errors[field] = RejectCode.Required;
                return _json.TryLiteral();
            case (byte)'"' when !isNumber:
                if (!_json.TryString(out var raw, out var escaped))
                    return false;
                _errors[field] = field == TradeField.UserId
                    ? JsonText.ReadUserId(raw, _record[TradeRecord.FixedBytes..], out _userIdBytes)
                    : ReadCode(field, raw, escaped);
                return true;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9') when isNumber:
                if (!_json.TryNumber(out var number))
                    return false;
                _errors[field] = ReadNumber(field, number);
                return true;
            default:
                _errors[field] = RejectCode.WrongType;
                return _json.TrySkip(depth: 1);
        }
    }

    private RejectCode ReadNumber(TradeField field, in JsonNumber number) => field switch
    {
        TradeField.AmountSell => AmountText.Read(number, AmountText.AmountScale, out _amountSell),
        TradeField.AmountBuy => AmountText.Read(number, AmountText.AmountScale, out _amountBuy),
        _ => AmountText.Read(number, AmountText.RateScale, out _rate),
    };

    private RejectCode ReadCode(TradeField field, ReadOnlySpan<byte> raw, bool escaped)
    {
        Span<byte> unescaped = stackalloc byte[MaxCodeBytes];
        scoped var text = raw;
        if (escaped)
        {
            text = JsonText.TryUnescape(raw, unescaped, out var bytes)
                ? unescaped[..bytes]
                : default;
        }
        return field switch
        {
            TradeField.CurrencyFrom when assets.TryFind(text, out _from) => RejectCode.None,
            TradeField.CurrencyTo when assets.TryFind(text, out _to) => RejectCode.None,
            TradeField.CurrencyFrom or TradeField.CurrencyTo => RejectCode.UnknownCurrency,
            TradeField.TimePlaced when PlacedTime.TryParse(text, out _timePlaced) =>
                RejectCode.None,
            TradeField.TimePlaced => RejectCode.BadTime,
            _ => CountryCode.TryParse(text, out _country)
                ? RejectCode.None
                : RejectCode.UnknownCountry,
        };
    }
}
