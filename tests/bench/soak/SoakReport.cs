using System.Globalization;
using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Soak;

/// <summary>What a soak came to, minute by minute, and whether anything grew.</summary>
internal static class SoakReport
{
    private const double MiB = 1 << 20;

    // Before it the JIT still compiles and the collector still finds its sizes.
    private const int BaseMinute = 2;

    /// <param name="samples">The start, each minute, and after all was counted.</param>
    public static void Show(IReadOnlyList<SoakSample> samples, SoakLoad sent, int exitCode)
    {
        var minutes = samples.Zip(samples.Skip(1)).SkipLast(1).ToList();
        BenchReport.Show(
            "soak",
            Table("Counted trades", "trades/s", minutes, Rate),
            Table("Resident memory", "MiB", minutes, (_, at) => at.ResidentBytes / MiB),
            Table("Managed heap", "MiB", minutes, (_, at) => at.HeapBytes / MiB),
            Table("Log on the disk", "MiB", minutes, (_, at) => at.LogBytes / MiB),
            Table("Newest snapshot", "MiB", minutes, (_, at) => at.SnapshotBytes / MiB));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"accepted {sent.Accepted:N0}, counted {samples[^1].Aggregated:N0}; a batch took "
            + $"p50 {sent.P50Ms:F1}, p99 {sent.P99Ms:F1}, at most {sent.MaxMs:F1} ms; exit code {exitCode}"));
        var from = samples[Math.Min(BaseMinute, samples.Count - 2)];
        var to = samples[^2];
        var grown = to.ResidentBytes - from.ResidentBytes;
        // Cells of seconds are kept for 20 minutes: so far they are meant to grow.
        var cells = to.SnapshotBytes - from.SnapshotBytes;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"from {from.At:m\\:ss} to {to.At:m\\:ss}: resident memory {Percent(grown, from.ResidentBytes)} "
            + $"({grown / MiB:F1} MiB), of which packed cells {cells / MiB:F1} MiB; "
            + $"trades/s {Percent(Rate(samples[^3], to) - Rate(samples[0], from), Rate(samples[0], from))}"));
    }

    public static string Line(SoakSample before, SoakSample at) => string.Create(
        CultureInfo.InvariantCulture,
        $"{at.At:mm\\:ss}  {Rate(before, at),9:N0} trades/s  lag {at.LagSeconds:F2} s  "
        + $"resident {at.ResidentBytes / MiB:F0} MiB  heap {at.HeapBytes / MiB:F0} MiB  "
        + $"log {at.LogBytes / MiB:F0} MiB  snapshot {at.SnapshotBytes / MiB:F1} MiB");

    private static Section Table(
        string title,
        string unit,
        IReadOnlyList<(SoakSample Before, SoakSample At)> minutes,
        Func<SoakSample, SoakSample, double> value) => new(
            title,
            unit,
            [.. minutes.Select(minute => new Row(
                minute.At.At.ToString("mm\\:ss", CultureInfo.InvariantCulture),
                [value(minute.Before, minute.At)]))]);

    private static double Rate(SoakSample before, SoakSample at) =>
        (at.Aggregated - before.Aggregated) / (at.At - before.At).TotalSeconds;

    private static string Percent(double part, double whole) =>
        (part / whole).ToString("+0.0 %;-0.0 %", CultureInfo.InvariantCulture);
}
