using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Parsing;

/// <summary>What a reading of a trade's text came to.</summary>
internal sealed record Reading(ParseStatus Status, TradeErrors Errors, int Consumed, byte[] Record)
{
    public bool SameAs(Reading other) =>
        Status == other.Status
        && Errors.Equals(other.Errors)
        && (Status == ParseStatus.Malformed || Consumed == other.Consumed)
        && Record.AsSpan().SequenceEqual(other.Record);

    public override string ToString() =>
        $"{Status} [{Errors}] consumed {Consumed} record {Convert.ToHexString(Record)}";
}

/// <summary>The parser's semantics once more, slow and simple, on System.Text.Json.</summary>
internal static partial class TradeOracle
{
    public static Reading Read(AssetTable assets, ReadOnlySpan<byte> utf8)
    {
        var errors = default(TradeErrors);
        try
        {
            var json = new Utf8JsonReader(utf8);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return new Reading(ParseStatus.Malformed, errors, 0, []);
            var members = Members(ref json, utf8);
            var consumed = (int)json.BytesConsumed;
            _ = new UTF8Encoding(false, true).GetCharCount(utf8[..consumed]);
            var record = Record(assets, members, ref errors);
            var status = errors.IsEmpty ? ParseStatus.Trade : ParseStatus.Invalid;
            return new Reading(status, errors, consumed, record);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            return new Reading(ParseStatus.Malformed, errors, 0, []);
        }
    }

    // Each member's raw values: a first letter tells the type, the text of a string is unescaped.
    private static List<(string Name, JsonTokenType Type, string Value)> Members(
        ref Utf8JsonReader json, ReadOnlySpan<byte> utf8)
    {
        var members = new List<(string, JsonTokenType, string)>();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = Unescape(json.ValueSpan);
            _ = json.Read();
            var type = json.TokenType;
            var value = type is JsonTokenType.String
                ? Unescape(json.ValueSpan)
                : Encoding.UTF8.GetString(json.ValueSpan);
            json.Skip();
            members.Add((name, type, value));
        }
        return members;
    }

    private static byte[] Record(
        AssetTable assets,
        List<(string Name, JsonTokenType Type, string Value)> members,
        ref TradeErrors errors)
    {
        var values = new string[TradeFields.Count];
        for (var field = TradeField.UserId; field < TradeField.Whole; field++)
        {
            var name = field.WireName();
            var wanted = name is "amountSell" or "amountBuy" or "rate"
                ? JsonTokenType.Number
                : JsonTokenType.String;
            var found = members.Where(member => member.Name == name).ToList();
            errors[field] = found.Count switch
            {
                0 => RejectCode.Required,
                > 1 => RejectCode.DuplicateField,
                _ when found[0].Type == JsonTokenType.Null => RejectCode.Required,
                _ when found[0].Type != wanted => RejectCode.WrongType,
                _ => RejectCode.None,
            };
            values[(int)field] = errors[field] == RejectCode.None ? found[0].Value : "";
        }

        var userId = values[0];
        Check(ref errors, TradeField.UserId, UserIdError(userId));
        var from = Currency(assets, values[1], ref errors, TradeField.CurrencyFrom);
        var to = Currency(assets, values[2], ref errors, TradeField.CurrencyTo);
        if (errors[TradeField.CurrencyFrom] == RejectCode.None && from == to)
            Check(ref errors, TradeField.CurrencyTo, RejectCode.SameCurrency);
        var sell = Amount(values[3], 8, ref errors, TradeField.AmountSell);
        var buy = Amount(values[4], 8, ref errors, TradeField.AmountBuy);
        var rate = Amount(values[5], 18, ref errors, TradeField.Rate);
        var time = Time(values[6]);
        Check(ref errors, TradeField.TimePlaced, time < 0 ? RejectCode.BadTime : RejectCode.None);
        var known = CountryCode.TryParse(Encoding.UTF8.GetBytes(values[7]), out var country);
        Check(ref errors, TradeField.OriginatingCountry,
            known ? RejectCode.None : RejectCode.UnknownCountry);
        if (!errors.IsEmpty)
            return [];
        var record = new byte[TradeRecord.MaxBytes];
        var length = TradeRecord.Write(
            record, from, to, country, sell, buy, rate, time, Encoding.UTF8.GetBytes(userId));
        return record[..length];
    }

    private static void Check(ref TradeErrors errors, TradeField field, RejectCode code)
    {
        if (errors[field] == RejectCode.None)
            errors[field] = code;
    }

    private static RejectCode UserIdError(string text)
    {
        var count = 0;
        var visible = true;
        for (var i = 0; i < text.Length; count++)
        {
            var whole = Rune.TryGetRuneAt(text, i, out var rune);
            visible &= whole && "LMNPS".Contains(CategoryLetter(rune));
            i += whole ? rune.Utf16SequenceLength : 1;
        }
        return count == 0 ? RejectCode.Required
            : count > 64 ? RejectCode.TooLong
            : visible ? RejectCode.None : RejectCode.BadCharacters;
    }

    // The first letter of the Unicode general category: Lu → L, Zs → Z, Cf → C …
    private static char CategoryLetter(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.OtherLetter => 'L',
        <= UnicodeCategory.EnclosingMark => 'M',
        <= UnicodeCategory.OtherNumber => 'N',
        <= UnicodeCategory.ParagraphSeparator => 'Z',
        <= UnicodeCategory.PrivateUse => 'C',
        <= UnicodeCategory.OtherPunctuation => 'P',
        <= UnicodeCategory.OtherSymbol => 'S',
        _ => 'C',
    };

    private static AssetCode Currency(
        AssetTable assets, string text, ref TradeErrors errors, TradeField field)
    {
        if (!assets.TryFind(Encoding.UTF8.GetBytes(text), out var code))
            Check(ref errors, field, RejectCode.UnknownCurrency);
        return code;
    }

    private static ExactDecimal Amount(
        string text, int maxScale, ref TradeErrors errors, TradeField field)
    {
        if (errors[field] != RejectCode.None)
            return default;
        var parts = text.ToUpperInvariant().Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var digits = BigInteger.Parse(parts[0].Replace(".", ""), CultureInfo.InvariantCulture);
        if (digits.Sign <= 0)
        {
            errors[field] = RejectCode.MustBePositive;
            return default;
        }
        var exponent = parts.Length == 1
            ? BigInteger.Zero
            : BigInteger.Parse(parts[1], CultureInfo.InvariantCulture);
        exponent -= point < 0 ? 0 : parts[0].Length - point - 1;
        while (digits % 10 == 0)
        {
            digits /= 10;
            exponent++;
        }
        var count = digits.ToString(CultureInfo.InvariantCulture).Length;
        if (exponent > 12 || exponent >= 0 && digits * Power(exponent) > Power(12)
            || exponent < 0 && count + exponent > 12
            && (exponent < -100_000 || digits > Power(12 - exponent)))
        {
            errors[field] = RejectCode.OutOfRange;
            return default;
        }
        if (exponent < -maxScale || count > 18)
        {
            errors[field] = RejectCode.TooPrecise;
            return default;
        }
        return exponent >= 0
            ? new ExactDecimal((ulong)(digits * Power(exponent)), 0)
            : new ExactDecimal((ulong)digits, (byte)-exponent);

        static BigInteger Power(BigInteger exponent) => BigInteger.Pow(10, (int)exponent);
    }

    // UTC ticks, or -1.
    private static long Time(string text)
    {
        var named = NamedTime().Match(text);
        var match = named.Success ? named : IsoTime().Match(text);
        if (!match.Success)
            return -1;
        int Number(string group) => match.Groups[group].Success
            ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture)
            : 0;
        var month = Number("month");
        if (named.Success)
        {
            var name = match.Groups["name"].Value;
            month = 1 + CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames
                .ToList().FindIndex(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        }
        try
        {
            var ticks = new DateTime(
                Number("year") + (named.Success ? 2000 : 0), month, Number("day"),
                Number("hour"), Number("minute"), Number("second"), DateTimeKind.Utc).Ticks;
            var fraction = match.Groups["fraction"].Value.PadRight(7, '0')[..7];
            ticks += long.Parse(fraction, CultureInfo.InvariantCulture);
            if (Number("oh") > 23 || Number("om") > 59)
                return -1;
            var offset = new TimeSpan(Number("oh"), Number("om"), 0).Ticks;
            ticks -= match.Groups["sign"].Value == "-" ? -offset : offset;
            return ticks > DateTime.MaxValue.Ticks ? -1 : ticks;
        }
        catch (ArgumentOutOfRangeException)
        {
            return -1;
        }
    }

    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw);
        return Escape().Replace(text, match => match.Value[1] switch
        {
            'u' => ((char)Convert.ToUInt16(match.Value[2..], 16)).ToString(),
            'b' => "\b",
            'f' => "\f",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            var other => other.ToString(),
        });
    }

    [GeneratedRegex(@"\\(u....|.)", RegexOptions.Singleline)]
    private static partial Regex Escape();

    [GeneratedRegex(@"\A(?<day>[0-9]{1,2})-(?<name>[A-Za-z]{3})-(?<year>[0-9]{2}) "
        + @"(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})\z")]
    private static partial Regex NamedTime();

    [GeneratedRegex(@"\A(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})"
        + @"T(?<hour>[0-9]{2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})(\.(?<fraction>[0-9]{1,9}))?)?"
        + @"(Z|(?<sign>[+-])(?<oh>[0-9]{2})(:?(?<om>[0-9]{2}))?)?\z")]
    private static partial Regex IsoTime();
}
