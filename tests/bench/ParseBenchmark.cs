using System.Globalization;
using System.Text;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Bench;

/// <summary>
/// A trade's text into its record: the parser against source-generated deserialisation, with and
/// without the validation that makes a record of the object.
/// </summary>
internal static class ParseBenchmark
{
    private const string Sample =
        """{"userId": "134256", "currencyFrom": "EUR", "currencyTo": "GBP", "amountSell": 1000, "amountBuy": 747.10, "rate": 0.7471, "timePlaced": "24-JAN-15 10:27:44", "originatingCountry": "FR"}""";

    private const string Minimal =
        """{"userId":"1","currencyFrom":"EUR","currencyTo":"GBP","amountSell":1,"amountBuy":1,"rate":1,"timePlaced":"4-JAN-15 1:27:44","originatingCountry":"FR"}""";

    private static readonly string LongUserId = string.Concat(Enumerable.Repeat("Zü用あ", 16));

    public static IReadOnlyList<Section> Measure(Timing timing) =>
    [
        Compare("the contract's sample", [Sample + "\n"], timing),
        Compare("its members in another order", [Reversed(Sample)], timing),
        Compare("pretty-printed", [Pretty(Sample)], timing),
        Compare("minimal", [Minimal], timing),
        Compare("a user id of 64 characters in 144 bytes", [With(LongUserId)], timing),
        Compare("escapes in the user id", [With("user\\u002d13\\/4256")], timing),
        Compare("4,096 different trades", [.. Trades(4096, compact: false)], timing),
        Compare("4,096 different trades, no spaces", [.. Trades(4096, compact: true)], timing),
        Compare(
            "4,096 different trades in another order",
            [.. Trades(4096, compact: false).Select(Reversed)],
            timing),
    ];

    private static Section Compare(
        string title, IReadOnlyList<string> texts, Timing timing)
    {
        var bytes = texts.Select(Encoding.UTF8.GetBytes).ToArray();
        var parser = new TradeParser(AssetTable.Iso);
        var record = new byte[TradeRecord.MaxBytes];
        var expected = new byte[TradeRecord.MaxBytes];
        foreach (var text in bytes)
        {
            var errors = default(TradeErrors);
            var status = parser.Parse(text, true, record, ref errors, out _, out var written);
            var length = SerializedTrade.Read(text)!.ToRecord(expected);
            if (status != ParseStatus.Trade || !record.AsSpan(0, written).SequenceEqual(expected.AsSpan(0, length)))
                throw new InvalidOperationException("The contenders do not read the same.");
        }
        return Section.OfTimes(title, "trade", Rounds.Measure(
        [
            new("TradeParser", repeats =>
            {
                var errors = default(TradeErrors);
                for (int i = 0, at = 0; i < repeats; i++, at = at + 1 < bytes.Length ? at + 1 : 0)
                    _ = parser.Parse(bytes[at], true, record, ref errors, out _, out _);
            }),
            new("System.Text.Json, generated", repeats =>
            {
                for (int i = 0, at = 0; i < repeats; i++, at = at + 1 < bytes.Length ? at + 1 : 0)
                    _ = SerializedTrade.Read(bytes[at]);
            }),
            new("the same and validation", repeats =>
            {
                for (int i = 0, at = 0; i < repeats; i++, at = at + 1 < bytes.Length ? at + 1 : 0)
                    _ = SerializedTrade.Read(bytes[at])!.ToRecord(record);
            }),
            .. ParseSteps.Of(bytes),
        ], timing));
    }

    public static IEnumerable<string> Trades(int count, bool compact)
    {
        var random = new Random(1);
        string[] codes = ["EUR", "GBP", "USD", "JPY", "CHF", "CAD", "AUD", "SEK"];
        string[] countries = ["FR", "GB", "IE", "US", "JP", "DE", "CA", "CH"];
        for (var i = 0; i < count; i++)
        {
            var from = random.Next(codes.Length);
            var to = (from + 1 + random.Next(codes.Length - 1)) % codes.Length;
            var sell = random.Next(1, 10_000_000) / 100m;
            var rate = random.Next(1, 2_000_000) / 10_000m;
            var at = new DateTime(2015, 1, 1).AddSeconds(random.Next(86_400 * 365));
            var text = string.Create(CultureInfo.InvariantCulture,
                $"{{\"userId\": \"{random.Next(10_000_000)}\", \"currencyFrom\": \"{codes[from]}\", "
                + $"\"currencyTo\": \"{codes[to]}\", \"amountSell\": {sell}, "
                + $"\"amountBuy\": {Math.Round(sell * rate, 2) + 0.01m}, \"rate\": {rate}, "
                + $"\"timePlaced\": \"{at.ToString("d-MMM-yy H:mm:ss", CultureInfo.InvariantCulture).ToUpperInvariant()}\", "
                + $"\"originatingCountry\": \"{countries[random.Next(countries.Length)]}\"}}");
            yield return compact ? text.Replace("\": ", "\":").Replace(", \"", ",\"") : text;
        }
    }

    private static string Reversed(string trade) =>
        "{" + string.Join(", ", trade[1..^1].Split(", ").Reverse()) + "}";

    private static string Pretty(string trade) =>
        "{\n  " + string.Join(",\n  ", trade[1..^1].Split(", ")) + "\n}";

    private static string With(string userId) => Sample.Replace("134256", userId);
}
