using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Connections;

/// <summary>Memory of idle connections, and very many of them at once.</summary>
internal static class ConnectionsBenchmark
{
    private const int QuickConnections = 50_000;

    private static readonly Goal Idle = new(
        "server memory of an idle connection", "KB", 6, 2, true);

    public static IReadOnlyList<Goal> IdleGoals => [Idle];

    /// <summary>One server process with 19,000 connections, beside a bare Kestrel.</summary>
    /// <param name="path">Directory for data; it is left as it was.</param>
    public static async Task<BenchResult> RunIdleAsync(string path, Pace pace)
    {
        using var directory = new TemporaryDirectory(path, "idle");
        var (host, sections) = await new IdleMemory(
            Repository.BuildLoadTool(), Repository.BuildHost(), directory.Path, pace.IdleRounds)
            .MeasureAsync();
        return new BenchResult(
            [Score.Of(Idle, [.. host.Select(bytes => bytes / 1000)])],
            sections,
            "What the process has with the connections less what it had before, after some hundred "
            + "others had come and gone; each had a 202.");
    }

    /// <summary>Needs root, for the kernel's settings.</summary>
    /// <param name="path">Directory for data; it is left as it was.</param>
    /// <param name="connections">Open at once; null for what the goal says.</param>
    /// <param name="rate">POSTs a second over them.</param>
    public static async Task<BenchResult> RunAsync(
        string path, Pace pace, int? connections, int rate)
    {
        var wanted = connections
            ?? (ReferenceEquals(pace, Pace.Quick) ? QuickConnections : CrowdBenchmark.Wanted);
        await using var tuning = await Tuning.ApplyAsync(path, wanted);
        return await new CrowdBenchmark(Repository.BuildLoadTool(), path, rate, pace)
            .RunAsync(wanted);
    }
}
