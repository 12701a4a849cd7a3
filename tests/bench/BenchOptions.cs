using System.Globalization;

namespace TradeProcessor.Bench;

/// <param name="Name">Of the benchmark.</param>
/// <param name="Path">Directory on the disk to measure.</param>
/// <param name="Minutes">Length of what goes on for long; null for the pace's own.</param>
/// <param name="Connections">Open at once; null for the benchmark's own number.</param>
/// <param name="Rate">POSTs a second over them.</param>
/// <param name="Quick">Fewer and shorter rounds, of which the scoreboard takes nothing.</param>
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
        "NAME [--path DIRECTORY] [--quick] [--no-build]\n"
        + "  --quick: fewer and shorter rounds, kept apart from full ones; not of board\n"
        + "  of connections and all: [--connections N] [--rate N]\n"
        + "  of heap, memory, soak and all: [--minutes N]\n"
        + "  of all and board: [--write FILE.md], not of quick runs";

    /// <summary>Name of what shows what was measured before.</summary>
    public const string Board = "board";

    private const double MaxMinutes = 24 * 60;
    private const int MaxCount = 2_000_000;

    // Those of some benchmarks only.
    private static readonly Dictionary<string, string[]> NamesOf = new()
    {
        ["--connections"] = ["connections", "all"],
        ["--rate"] = ["connections", "all"],
        ["--minutes"] = ["heap", "memory", "soak", "all"],
        ["--write"] = ["all", Board],
    };

    /// <param name="names">Of all benchmarks.</param>
    /// <exception cref="FormatException">Says in a line what is not understood.</exception>
    public static BenchOptions Parse(string[] args, IEnumerable<string> names)
    {
        if (args.Length == 0)
            throw new FormatException("no name of a benchmark");
        if (!names.Contains(args[0]))
            throw new FormatException($"no benchmark '{args[0]}'");
        var options = new BenchOptions(args[0]);
        var rest = new Queue<string>(args.Skip(1));
        while (rest.TryDequeue(out var option))
        {
            options = option switch
            {
                "--quick" => options with { Quick = true },
                "--no-build" => options with { Builds = false },
                "--path" or "--write" or "--connections" or "--rate" or "--minutes" =>
                    With(options, option, rest),
                _ => throw new FormatException($"no option '{option}'"),
            };
        }
        if (options is { Quick: true, Name: Board })
            throw new FormatException($"--quick is not of '{Board}': it shows full runs only");
        return options is { Quick: true, Write: not null }
            ? throw new FormatException("--write is not of quick runs")
            : options;
    }

    private static BenchOptions With(BenchOptions options, string option, Queue<string> rest)
    {
        if (NamesOf.TryGetValue(option, out var names) && !names.Contains(options.Name))
        {
            throw new FormatException(
                $"{option} is not of '{options.Name}', only of {string.Join(", ", names)}");
        }
        if (!rest.TryDequeue(out var value))
            throw new FormatException($"{option}: its value is missing");
        return option switch
        {
            "--path" => options with { Path = value },
            "--write" => options with { Write = Markdown(value) },
            "--minutes" => options with { Minutes = LengthOf(value) },
            "--connections" => options with { Connections = Count(option, value) },
            _ => options with { Rate = Count(option, value) },
        };
    }

    private static int Count(string option, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count is >= 1 and <= MaxCount
            ? count
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"{option} {text}: a whole number of at least 1, at most {MaxCount}"));

    private static double LengthOf(string text) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var minutes)
        && minutes is > 0 and <= MaxMinutes
            ? minutes
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"--minutes {text}: a number above 0, at most {MaxMinutes}"));

    private static string Markdown(string file)
    {
        if (!file.EndsWith(".md", StringComparison.Ordinal))
            throw new FormatException($"--write {file}: a file whose name ends in .md");
        return Directory.Exists(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file)))
            ? file
            : throw new FormatException($"--write {file}: its directory does not exist");
    }
}
