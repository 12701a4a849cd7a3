using System.Globalization;
using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Soak;

/// <summary>What a soak came to, minute by minute, and whether anything grew.</summary>
internal static class SoakReport
{
    /// <summary>The host's argument for how long it keeps cells of seconds.</summary>
    public const string RetainSeconds = "--Worker:RetainSeconds";

    private const double MiB = 1 << 20;

    // One look is of a heap somewhere between two collections: looks of a fifth of the time are
    // compared with those of another. What it breathes is left as room.
    private static readonly Goal Flat = new(
        "resident memory at full load, growth from the second fifth of the time to the last",
        "%", 5, null, true);

    /// <param name="arguments">Of the host.</param>
    public static IReadOnlyList<Goal> Goals(IReadOnlyList<string> arguments) =>
        [FlatWith(arguments)];

    /// <param name="samples">The start, the looks, and after all was counted.</param>
    public static BenchResult Of(
        IReadOnlyList<SoakSample> samples,
        SoakLoad sent,
        int exitCode,
        IReadOnlyList<string> arguments)
    {
        List<(SoakSample Before, SoakSample At)> looks = [.. samples.Zip(samples.Skip(1)).SkipLast(1)];
        // In the first fifth the JIT still compiles and the collector still finds its sizes.
        var second = looks[(looks.Count / 5)..Math.Max(looks.Count * 2 / 5, looks.Count / 5 + 1)];
        var last = looks[Math.Min(looks.Count * 4 / 5, looks.Count - 1)..];
        var (from, to) = (second[0].At, samples[^2]);
        var before = Median(second, look => look.ResidentBytes);
        var grown = Median(last, look => look.ResidentBytes) - before;
        // Cells of seconds are kept for a time: so far they are meant to grow.
        var cells = Median(last, look => look.SnapshotBytes)
            - Median(second, look => look.SnapshotBytes);
        return new BenchResult(
            [Score.Of(FlatWith(arguments), [100 * grown / before])],
            [
                Table("Counted trades", "trades/s", looks, Rate),
                Table("Resident memory", "MiB", looks, (_, at) => at.ResidentBytes / MiB),
                Table("Managed heap", "MiB", looks, (_, at) => at.HeapBytes / MiB),
                Table("Log on the disk", "MiB", looks, (_, at) => at.LogBytes / MiB),
                Table("Newest snapshot", "MiB", looks, (_, at) => at.SnapshotBytes / MiB),
            ],
            string.Create(CultureInfo.InvariantCulture,
                $"Accepted {sent.Accepted:N0}, counted {samples[^1].Aggregated:N0}, in doubt (503 or no "
                + $"answer, sent again) {sent.Doubtful:N0}; a batch took "
                + $"p50 {sent.P50Ms:F1}, p99 {sent.P99Ms:F1}, at most {sent.MaxMs:F1} ms; "
                + $"exit code {exitCode}. Server and load tool share both cores."),
            string.Create(CultureInfo.InvariantCulture,
                $"Medians of the second fifth ({from.At:m\\:ss} on) and of the last (to {to.At:m\\:ss}): "
                + $"resident memory {Percent(grown, before)} ({grown / MiB:F1} MiB), of which packed "
                + $"cells {cells / MiB:F1} MiB; trades/s "
                + $"{Percent(Rate(samples[^3], to) - Rate(samples[0], from), Rate(samples[0], from))}."),
            arguments.Count > 0 ? $"Host with {string.Join(' ', arguments)}." : "Host as it is.");
    }

    public static string Line(SoakSample before, SoakSample at) => string.Create(
        CultureInfo.InvariantCulture,
        $"{at.At:mm\\:ss}  {Rate(before, at),9:N0} trades/s  lag {at.LagSeconds:F2} s  "
        + $"resident {at.ResidentBytes / MiB:F0} MiB  heap {at.HeapBytes / MiB:F0} MiB  "
        + $"log {at.LogBytes / MiB:F0} MiB  snapshot {at.SnapshotBytes / MiB:F1} MiB");

    // A time that is not the default is a part of what was measured.
    private static Goal FlatWith(IReadOnlyList<string> arguments)
    {
        var at = arguments.ToList().IndexOf(RetainSeconds);
        if (at < 0)
            return Flat;
        var kept = TimeSpan.Parse(arguments[at + 1], CultureInfo.InvariantCulture);
        return Flat with
        {
            What = string.Create(
                CultureInfo.InvariantCulture, $"{Flat.What}, seconds kept {kept.TotalMinutes:0.##} min"),
        };
    }

    private static Section Table(
        string title,
        string unit,
        IReadOnlyList<(SoakSample Before, SoakSample At)> minutes,
        Func<SoakSample, SoakSample, double> value) => new(
            title,
            unit,
            [.. minutes.Select(minute => new Row(
                minute.At.At.ToString("mm\\:ss", CultureInfo.InvariantCulture),
                [value(minute.Before, minute.At)]))])
        {
            Compares = false,
        };

    private static double Median(
        IEnumerable<(SoakSample Before, SoakSample At)> looks, Func<SoakSample, long> value) =>
        new Row("", [.. looks.Select(look => (double)value(look.At))]).Median;

    private static double Rate(SoakSample before, SoakSample at) =>
        (at.Aggregated - before.Aggregated) / (at.At - before.At).TotalSeconds;

    private static string Percent(double part, double whole) =>
        (part / whole).ToString("+0.0 %;-0.0 %", CultureInfo.InvariantCulture);
}
