using System.Globalization;

namespace TradeProcessor.Bench;

/// <param name="Name">Of the benchmark.</param>
/// <param name="Path">Directory on the disk to measure.</param>
/// <param name="Minutes">Length of a soak; null for the pace's own.</param>
/// <param name="Connections">Open at once; null for the benchmark's own number.</param>
/// <param name="Rate">POSTs a second over them.</param>
/// <param name="Quick">Fewer and shorter rounds.</param>
/// <param name="Builds">Whether the programs are built before they are measured.</param>
/// <param name="Write">File for the scoreboard as Markdown.</param>
internal sealed record BenchOptions(
    string Name,
    string Path = "artifacts",
    double? Minutes = null,
    int? Connections = null,
    int Rate = 20_000,
    bool Quick = false,
    bool Builds = true,
    string? Write = null)
{
    public const string Usage =
        "[--path DIRECTORY] [--minutes N] [--connections N] [--rate N] [--quick] "
        + "[--no-build] [--write FILE.md]";

    private const double MaxMinutes = 24 * 60;
    private const int MaxCount = 2_000_000;

    /// <summary>Null for arguments that are not understood.</summary>
    public static BenchOptions? TryParse(string[] args)
    {
        if (args.Length == 0)
            return null;
        var options = new BenchOptions(args[0]);
        var rest = new Queue<string>(args.Skip(1));
        while (rest.TryDequeue(out var name))
        {
            var next = name switch
            {
                "--quick" => options with { Quick = true },
                "--no-build" => options with { Builds = false },
                _ => rest.TryDequeue(out var value) ? With(options, name, value) : null,
            };
            if (next is null)
                return null;
            options = next;
        }
        return options;
    }

    private static BenchOptions? With(BenchOptions options, string name, string value) => name switch
    {
        "--path" => options with { Path = value },
        "--write" => options with { Write = value },
        "--minutes" when TryParseMinutes(value, out var minutes) =>
            options with { Minutes = minutes },
        "--connections" when TryParseCount(value, out var connections) =>
            options with { Connections = connections },
        "--rate" when TryParseCount(value, out var rate) => options with { Rate = rate },
        _ => null,
    };

    private static bool TryParseCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count)
        && count <= MaxCount;

    private static bool TryParseMinutes(string text, out double minutes) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out minutes)
        && minutes is > 0 and <= MaxMinutes;
}
