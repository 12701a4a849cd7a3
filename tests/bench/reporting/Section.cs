using System.Globalization;

namespace TradeProcessor.Bench.Reporting;

/// <summary>One line of a table: what its rounds came to, in the unit of its section.</summary>
/// <param name="More">What stands in the section's further columns.</param>
internal sealed record Row(string Name, IReadOnlyList<double> Values, params string[] More)
{
    public double Median { get; } = MedianOf([.. Values.Order()]);

    public double Min { get; } = Values.Min();

    public double Max { get; } = Values.Max();

    private static double MedianOf(double[] sorted)
    {
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1
            ? sorted[middle]
            : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

/// <summary>One table of a report.</summary>
/// <param name="Unit">Of the rows' values, for example "ns/trade".</param>
/// <param name="MoreHeads">Heads of further columns.</param>
internal sealed record Section(
    string Title, string Unit, IReadOnlyList<Row> Rows, params string[] MoreHeads)
{
    /// <summary>
    /// Whether the rows are contenders on the same work, of which the first one is the measure.
    /// </summary>
    public bool Compares { get; init; } = true;

    public IEnumerable<string> Heads =>
    [
        "", Unit,
        .. HasSpread ? (string[])["min–max"] : [],
        .. Compares ? (string[])["ratio"] : [],
        .. MoreHeads,
    ];

    private bool HasSpread => Rows.Any(row => row.Values.Count > 1);

    /// <summary>Rows of times, with the bytes that an operation allocates.</summary>
    /// <param name="operation">What an operation is, for example "trade".</param>
    public static Section OfTimes(
        string title, string operation, IReadOnlyList<Measured> results) => new(
            title,
            $"ns/{operation}",
            [.. results.Select(result => new Row(
                result.Name, result.Nanoseconds, Number(result.Bytes)))],
            $"alloc B/{operation}");

    /// <summary>The same, with how many bytes a nanosecond that is.</summary>
    /// <param name="bytes">That an operation works on.</param>
    public static Section OfTimes(
        string title, string operation, double bytes, IReadOnlyList<Measured> results)
    {
        var plain = OfTimes(title, operation, results);
        return new Section(
            title,
            plain.Unit,
            [.. plain.Rows.Select(row => row with
            {
                More = [.. row.More, (bytes / row.Median).ToString("F2", CultureInfo.InvariantCulture)],
            })],
            [.. plain.MoreHeads, "GB/s"]);
    }

    /// <summary>The cells of a row, under <see cref="Heads"/>.</summary>
    public IEnumerable<string> Cells(Row row) =>
    [
        row.Name,
        Number(row.Median),
        .. HasSpread ? (string[])[$"{Number(row.Min)}–{Number(row.Max)}"] : [],
        .. Compares
            ? (string[])[string.Create(CultureInfo.InvariantCulture, $"{Ratio(row):F2}×")]
            : [],
        .. row.More,
    ];

    // Within a round, as the goals are judged: the machine is not the same in all of them.
    private double Ratio(Row row) => row.Values.Count == Rows[0].Values.Count
        ? new Row("", [.. row.Values.Zip(Rows[0].Values, (own, first) => own / first)]).Median
        : row.Median / Rows[0].Median;

    public static string Number(double value) =>
        value.ToString(value < 1000 ? "F1" : "N0", CultureInfo.InvariantCulture);
}
