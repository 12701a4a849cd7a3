namespace TradeProcessor.Load.Files;

/// <summary>Which column is which field of a trade.</summary>
internal static class CsvHeader
{
    public static readonly string[] Fields =
    [
        "userId", "currencyFrom", "currencyTo", "amountSell", "amountBuy", "rate", "timePlaced",
        "originatingCountry",
    ];

    // The earlier system's names: userId,time,source,target,from,to,rate,country.
    private static readonly Dictionary<string, string> Earlier =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["time"] = "timePlaced",
            ["source"] = "currencyFrom",
            ["target"] = "currencyTo",
            ["from"] = "amountSell",
            ["to"] = "amountBuy",
            ["country"] = "originatingCountry",
        };

    public static bool IsNumber(string field) => field is "amountSell" or "amountBuy" or "rate";

    /// <returns>For each column its field, null for one that is not of a trade.</returns>
    /// <exception cref="UsageException">A field is missing or there twice.</exception>
    public static string?[] Parse(string path, IReadOnlyList<string> names)
    {
        var columns = names.Select(FieldOf).ToArray();
        foreach (var field in Fields)
        {
            var count = columns.Count(column => column == field);
            if (count != 1)
            {
                throw new UsageException(
                    $"{path}: the header has {(count == 0 ? "no" : "more than one")} {field}; "
                    + $"a CSV file starts with a line such as {string.Join(',', Fields)}");
            }
        }

        return columns;
    }

    private static string? FieldOf(string name)
    {
        name = name.Trim();
        return Earlier.GetValueOrDefault(name)
            ?? Array.Find(Fields, f => f.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
