namespace TradeProcessor.Bench.Board;

/// <summary>What is wanted of very many open connections.</summary>
internal static class ConnectionGoals
{
    public static readonly Goal Open = new(
        "open keep-alive connections on one box with their clients, each had a 202",
        "connections", 1_000_000, 1_200_000);

    public static readonly Goal P99 = new(
        "20,000 POSTs/s over random ones of them, p99", "ms", 20, 5, true);

    public static readonly Goal Idle = new(
        "server memory of an idle connection", "KB", 6, 2, true);

    /// <summary>For a build that has no benchmark of them.</summary>
    public static BenchResult NotMeasured()
    {
        const string Why = "no benchmark in this build measures it";
        return new BenchResult(
            [Score.Missing(Open, Why), Score.Missing(P99, Why), Score.Missing(Idle, Why)], []);
    }
}
