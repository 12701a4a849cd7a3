using System.Globalization;
using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Http;

/// <summary>The threads of a host that serve connections.</summary>
internal static class LoopThreads
{
    // As the host names them: "connections 0", "connections 1", …
    private const string Prefix = "connections ";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Puts each on a core of its own.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public static async Task PinAsync(int process)
    {
        var pinned = 0;
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            var name = File.ReadAllText(Path.Combine(thread, "comm")).Trim();
            if (!name.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            var core = int.Parse(name.AsSpan(Prefix.Length), CultureInfo.InvariantCulture);
            using var taskset = new ChildProcess(
                "taskset", "-p", "-c", core.ToString(CultureInfo.InvariantCulture),
                Path.GetFileName(thread));
            _ = await taskset.EndAsync(Limit);
            pinned += taskset.ExitCode == 0 ? 1 : 0;
        }
        if (pinned == 0)
            throw new InvalidOperationException("The host has no loops of its own that can be pinned.");
    }
}
