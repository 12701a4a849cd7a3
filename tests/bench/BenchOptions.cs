using System.Globalization;

namespace TradeProcessor.Bench;

/// <param name="Name">Of the benchmark.</param>
/// <param name="Path">Directory on the disk to measure.</param>
/// <param name="Minutes">Length of a soak.</param>
/// <param name="Connections">Open at once.</param>
internal sealed record BenchOptions(string Name, string Path, double Minutes, int Connections)
{
    public const string Usage = "[--path DIRECTORY] [--minutes N] [--connections N]";

    private const double MaxMinutes = 24 * 60;
    private const int MaxConnections = 2_000_000;

    /// <summary>Null for arguments that are not understood.</summary>
    public static BenchOptions? TryParse(string[] args)
    {
        if (args.Length % 2 == 0)
            return null;
        var options = new BenchOptions(args[0], "artifacts", Minutes: 10, Connections: 1_000_000);
        for (var i = 1; i < args.Length; i += 2)
        {
            if (args[i] == "--path")
            {
                options = options with { Path = args[i + 1] };
            }
            else if (args[i] == "--minutes" && TryParseMinutes(args[i + 1], out var minutes))
            {
                options = options with { Minutes = minutes };
            }
            else if (args[i] == "--connections" && int.TryParse(
                args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var connections)
                && connections <= MaxConnections)
            {
                options = options with { Connections = connections };
            }
            else
            {
                return null;
            }
        }
        return options;
    }

    private static bool TryParseMinutes(string text, out double minutes) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out minutes)
        && minutes is > 0 and <= MaxMinutes;
}
