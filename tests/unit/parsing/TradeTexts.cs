using System.Globalization;
using System.Text;
using TradeProcessor.Consumer.Parsing;

namespace TradeProcessor.Tests.Unit.Parsing;

/// <summary>Makes texts of trades, good and bad ones, from a seeded random source.</summary>
internal sealed class TradeTexts(Random random)
{
    public const string Sample =
        """{"userId": "134256", "currencyFrom": "EUR", "currencyTo": "GBP", "amountSell": 1000, "amountBuy": 747.10, "rate": 0.7471, "timePlaced": "24-JAN-15 10:27:44", "originatingCountry": "FR"}""";

    private static readonly string[] Separators = ["", "", "", " ", "\n", "\t", "\r\n  "];
    private static readonly string[] Indents = ["\n", "\n  ", "\n    ", "\r\n\t", "\n" + new string(' ', 40)];
    private static readonly string[] Currencies = ["EUR", "GBP", "USD", "JPY", "CHF", "BTC", "USDT"];
    private static readonly string[] Countries = ["FR", "GB", "IE", "US", "JP", "ZW"];

    private static readonly string[] BadStrings =
    [
        "", "eur", "EU", "EURO", "XXZ", "Ã", "\\ud800", "\\u0000", "FRA", "fr", "uk", " FR", "UK",
        "24-JAN-15", "31-FEB-15 10:27:44", "24-JAN-15 24:00:00", "24-JAN-15 10:60:00",
        "24-JAN-15 10:27:60", "0-JAN-15 10:27:44", "24-JAN-2015 10:27:44", "24-JAX-15 1:27:44",
        "29-FEB-15 10:27:44", "2015-02-29T10:00Z", "2015-13-01T10:00Z", "2015-01-01 10:00",
        "0001-01-01T00:00+01:00", "9999-12-31T23:59:59-00:01", "2015-01-01T10:00:00.Z",
        "2015-01-01T10:00:00.1234567890Z", "0000-01-01T00:00Z", "2015-01-01T10:00+24:00",
        "2015-01-01T10:00+1:00", "2015-01-01T10:00z", "20150101T100000Z", "{-JAN-15 10:27:44",
        "24-J[N-15 10:27:44", "24-JAN-15  0:27:44", "24-JAN-15 10:27:44Z", "4-JAN-15 10:2:44",
    ];

    private static readonly string[] Others =
    [
        "null", "true", "false", "[]", "{}", "[1,{\"a\":[null,\"x\\n\"]}]", "\"\"", "0", "-1", "1e5",
        "{\"userId\":\"inner\",\"rate\":1}", "\"\\ud83d\\ude00 \\ud800\"", "[[[[[[]]]]]]", "1.5E-10",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "-1", "0.0", "0e999999", "1e3", "1E+3", "1000.0", "1e12", "1000000000000",
        "1000000000000.00", "1000000000000.000000001", "1000000000001", "999999999999.99999999",
        "1e13", "0.1e13", "1e99999999999", "1e-99999999999", "1e-8", "1e-9", "1e-18", "1e-19",
        "0.00000001", "0.000000001", "0.123456789012345678", "0.1234567890123456789",
        "123456789012.123456", "123456789012.1234567", "0.100000000000000000000000000000000",
        "100000000000000000000000000e-20", "0.00000000000000000000000000000000000001e40",
        "12345678", "123456789", "1234567890123456", "12345678901234567890", "1.0e-400", "7471e-4",
        "0.5", "5", "15.25", "999999999999999", "99999999999999.9", "1e012", "1.10e+00000000012",
    ];

    private bool _plain;

    /// <summary>An object of all members; <paramref name="flaws"/> of them are likely not good.</summary>
    /// <param name="plain">Without escapes, and without spaces before colons.</param>
    public string Trade(int flaws, bool plain = false)
    {
        _plain = plain;
        var members = new List<string>();
        var flawed = Enumerable.Range(0, flaws).Select(_ => random.Next(TradeFields.Count)).ToList();
        for (var field = TradeField.UserId; field < TradeField.Whole; field++)
        {
            var bad = flawed.Contains((int)field);
            if (bad && random.Next(8) == 0)
                continue;
            members.Add(Member(field, bad ? BadValue(field) : GoodValue(field)));
            if (bad && random.Next(8) == 0)
                members.Insert(random.Next(members.Count), Member(field, GoodValue(field)));
        }
        var usual = random.Next(3) > 0;
        if (!usual && random.Next(4) == 0)
            members.Reverse();
        else if (!usual)
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(members));
        for (var extra = usual ? 0 : Math.Max(0, random.Next(5) - 2); extra > 0; extra--)
            members.Insert(random.Next(members.Count + 1), Unknown());
        return Join(members);
    }

    private string Join(List<string> members)
    {
        switch (random.Next(6))
        {
            case 4:
                var indent = Indents[random.Next(Indents.Length)];
                return "{" + indent + string.Join("," + indent, members) + indent.TrimEnd(' ', '\t') + "}";
            case 5:
                return "{ " + string.Join(" , ", members) + " }";
            case 0:
                return "{" + string.Join(",", members.Select(m => m.Replace("\": ", "\":"))) + "}";
            case 1 or 2:
                return "{" + string.Join(", ", members) + "}";
            default:
                var text = new StringBuilder(Space() + "{" + Space());
                for (var i = 0; i < members.Count; i++)
                    text.Append(i == 0 ? "" : Space() + "," + Space()).Append(members[i]);
                return text + Space() + "}" + (random.Next(4) == 0 ? " x" : "");
        }
    }

    private string Member(TradeField field, string value)
    {
        var name = random.Next(20) == 0 && !_plain ? Escaped(field.WireName()) : field.WireName();
        return $"\"{name}\"" + (random.Next(10) == 0 ? (_plain ? "" : Space()) + ":" + Space() : ": ") + value;
    }

    private string Unknown()
    {
        var depth = random.Next(30) == 0 ? random.Next(60, 67) : 0;
        var value = depth > 0
            ? new string('[', depth) + new string(']', depth)
            : Others[random.Next(Others.Length)];
        var name = random.Next(3) switch { 0 => "userid", 1 => "Rate", _ => "x\\u0020é" };
        return $"\"{name}\": {value}";
    }

    private string GoodValue(TradeField field) => field switch
    {
        TradeField.UserId => Quoted(UserId()),
        TradeField.CurrencyFrom => Quoted(Currencies[random.Next(Currencies.Length / 2)]),
        TradeField.CurrencyTo =>
            Quoted(Currencies[random.Next(Currencies.Length / 2, Currencies.Length)]),
        TradeField.TimePlaced => Quoted(Time()),
        TradeField.OriginatingCountry => Quoted(Countries[random.Next(Countries.Length)]),
        _ => Amount(),
    };

    private string BadValue(TradeField field) => random.Next(6) switch
    {
        0 => Others[random.Next(Others.Length)],
        1 => GoodValue((TradeField)random.Next(TradeFields.Count)),
        2 when field == TradeField.UserId =>
            Quoted(string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "a" : "😀", random.Next(60, 70)))),
        3 when field == TradeField.UserId => Quoted(UserId() + (char)random.Next(0x7F, 0xFFFF)),
        _ when field is TradeField.AmountSell or TradeField.AmountBuy or TradeField.Rate =>
            Numbers[random.Next(Numbers.Length)],
        _ => "\"" + BadStrings[random.Next(BadStrings.Length)] + "\"",
    };

    private string UserId() => random.Next(10) switch
    {
        4 => new string((char)random.Next(0x80, 0xD800), random.Next(1, 66)),
        5 => string.Concat(Enumerable.Range(0, random.Next(1, 66)).Select(_ => random.Next(4) switch
        {
            0 => "é",
            1 => "用",
            2 => "\u07FF\u0800",
            _ => "z",
        })),
        0 => "Zoë-" + random.Next(100),
        1 => "用户" + random.Next(100) + "😀",
        2 => new string((char)random.Next('!', 0x7F), random.Next(1, 66)).Replace("\\", "/").Replace('"', '\''),
        3 => "user_" + random.NextInt64(),
        _ => random.Next(1_000_000).ToString(CultureInfo.InvariantCulture),
    };

    private string Amount()
    {
        var digits = random.NextInt64(1, (long)Math.Pow(10, random.Next(1, 13)));
        var scale = random.Next(9);
        var text = (digits / (decimal)Math.Pow(10, scale)).ToString(CultureInfo.InvariantCulture);
        return random.Next(20) switch
        {
            0 => Numbers[random.Next(Numbers.Length)],
            1 => text + "e" + random.Next(-3, 4),
            2 => text.Contains('.') ? text + new string('0', random.Next(20)) : text + ".0",
            _ => text,
        };
    }

    private string Time()
    {
        var at = new DateTime(2000, 1, 1).AddSeconds(random.NextInt64(100L * 365 * 86400));
        var culture = CultureInfo.InvariantCulture;
        return random.Next(8) switch
        {
            0 => at.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", culture) + (random.Next(2) == 0 ? "Z" : "99"),
            1 => at.ToString("yyyy-MM-ddTHH:mm:ss", culture) + (random.Next(2) == 0 ? "+0530" : "-11"),
            2 => at.ToString("yyyy-MM-ddTHH:mm", culture) + (random.Next(2) == 0 ? "" : "+14:00"),
            3 => at.ToString("dd-MMM-yy HH:mm:ss", culture),
            4 => at.ToString("d-MMM-yy H:mm:ss", culture),
            _ => at.ToString("d-MMM-yy H:mm:ss", culture).ToUpperInvariant(),
        };
    }

    private string Quoted(string text) => "\"" + (random.Next(20) == 0 && !_plain ? Escaped(text) : text) + "\"";

    private string Escaped(string text) => string.Concat(text.Select(c => random.Next(3) switch
    {
        0 => "\\u" + ((int)c).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture),
        _ when c == '/' => "\\/",
        _ => c.ToString(),
    }));

    private string Space() => Separators[random.Next(Separators.Length)];

    /// <summary>Flips, inserts, deletes, splices or cuts bytes.</summary>
    public byte[] Mutated(byte[] text)
    {
        const string Telling = "{}[]\",:\\0123456789.eE+-tfnu \n\r\tZT/\u0080\u00c3\u00a9\u00f0\u00ff\0";
        var bytes = text.ToList();
        for (var times = random.Next(1, 4); times > 0 && bytes.Count > 1; times--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 5), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)Telling[random.Next(Telling.Length)];
                    break;
                case 2:
                    bytes.Insert(at, (byte)Telling[random.Next(Telling.Length)]);
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }
}
