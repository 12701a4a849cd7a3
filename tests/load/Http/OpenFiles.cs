using System.Globalization;

namespace TradeProcessor.Load.Http;

/// <summary>The limit of open files, of which every connection is one.</summary>
internal static class OpenFiles
{
    // The runtime, its libraries, stdin to stderr and the poll descriptors.
    private const int Own = 200;

    /// <summary>Connections that a process may have.</summary>
    public static long MostConnections => Math.Max(1, (Limit() ?? int.MaxValue) - Own);

    /// <exception cref="UsageException">The process may not open that many.</exception>
    public static void Require(int connections, string option)
    {
        var needed = connections + Own;
        if (Limit() is { } limit && needed > limit)
        {
            throw new UsageException(
                $"{option} {connections} needs {needed} open files and this process may have "
                + $"{limit}: raise it with `ulimit -n {needed}` (`ops/tune.sh "
                + "check` tells more), or start several with --source 127.0.0.2, 127.0.0.3, …");
        }
    }

    // The runtime has raised the soft limit to the hard one before Main.
    private static long? Limit()
    {
        const string Limits = "/proc/self/limits";
        if (!OperatingSystem.IsLinux() || !File.Exists(Limits))
            return null;

        var line = File.ReadLines(Limits)
            .FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3);
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
