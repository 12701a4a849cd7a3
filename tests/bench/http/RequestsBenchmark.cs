using System.Globalization;
using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Http;

/// <summary>
/// POST /trades with one trade, parsed, validated, flushed and acknowledged, beside nginx that
/// answers 202 at once. Same generator, same bytes, same connections; keep-alive.
/// </summary>
internal static class RequestsBenchmark
{
    private const int Connections = 128;
    private const int PipelineDepth = 16;

    private static readonly Goal Single = new("single POST ÷ nginx", "×", 0.7, 1.0);
    private static readonly Goal Pipelined =
        new("16 pipelined ÷ nginx, one in flight", "×", 3, 10);

    private static readonly Goal BothPipelined =
        new("16 pipelined ÷ nginx, 16 pipelined", "×", 3, 10);

    public static IReadOnlyList<Goal> SingleGoals => [Single];

    public static IReadOnlyList<Goal> PipelinedGoals => [Pipelined, BothPipelined];

    public static Task<BenchResult> SingleAsync(string path, Pace pace) =>
        RunAsync(Single, 1, path, pace);

    public static Task<BenchResult> PipelinedAsync(string path, Pace pace) =>
        RunAsync(Pipelined, PipelineDepth, path, pace);

    private static async Task<BenchResult> RunAsync(
        Goal goal, int pipeline, string path, Pace pace)
    {
        using var script = WrkScript.OfSample(path, pipeline);
        // What the others are divided by is one request at a time in both rows.
        using var plain = WrkScript.OfSample(path, 1);
        using var nginx = new NginxServer(path);
        using var nothing = new NullServer();
        await WrkRun.WaitUntilListeningAsync(nginx.Trades);
        await WrkRun.WaitUntilListeningAsync(nothing.Trades);
        var hosts = new List<(HostVariant Variant, HostServer Server)>();
        try
        {
            foreach (var variant in HostVariant.All)
                hosts.Add((variant, await HostServer.StartAsync(path, variant)));
            var contenders = new List<(string Name, Func<int, Task<WrkResult>> Run)>
            {
                ("nginx, return 202", seconds => WrkRun.RunAsync(
                    nginx.Trades, nginx.Process, plain, Connections, seconds)),
            };
            if (pipeline > 1)
            {
                contenders.Add(($"nginx, {pipeline} pipelined", seconds => WrkRun.RunAsync(
                    nginx.Trades, nginx.Process, script, Connections, seconds)));
            }
            contenders.Add(("null server", seconds => WrkRun.RunAsync(
                nothing.Trades, nothing.Process, script, Connections, seconds)));
            contenders.AddRange(hosts.Select(host => (
                host.Variant.Name,
                (Func<int, Task<WrkResult>>)(seconds => AccountedRun.OfAsync(
                    host.Server, script, Connections, pipeline, seconds)))));
            foreach (var (_, run) in contenders)
                _ = await run(pace.WarmUpSeconds);
            var samples = await Alternation.RunAsync(
                [.. contenders.Select(x => (x.Name, (Func<Task<WrkResult>>)(() => x.Run(pace.Seconds))))],
                pace.Rounds,
                sample => $"{sample.PerSecond:N0} requests/s");
            return Judge(goal, pipeline, [.. contenders.Select(x => x.Name)], samples);
        }
        finally
        {
            foreach (var (_, server) in hosts)
                server.Dispose();
        }
    }

    private static BenchResult Judge(
        Goal goal, int pipeline, string[] names, IReadOnlyList<WrkResult>[] samples)
    {
        var bounds = new GeneratorBounds(samples.SkipLast(HostVariant.All.Count).ToList());
        var host = samples[^1];
        List<Score> scores = [ScoreOf(goal, host, samples[0], bounds)];
        if (pipeline > 1)
            scores.Add(ScoreOf(BothPipelined, host, samples[1], bounds));
        return new BenchResult(
            scores,
            [
                new Section(
                    $"POST /trades, {Connections} keep-alive connections, {pipeline} in flight on each",
                    "requests/s",
                    [.. names.Select((name, i) => new Row(
                        name,
                        [.. samples[i].Select(x => x.PerSecond)],
                        Section.Number(Median(samples[i], x => x.PerCpuSecond)),
                        WrkResult.P99Of(samples[i]),
                        $"{samples[i].Sum(x => x.Refused + x.Broken)}"))],
                    "per server CPU-s", "p99 ms", "failed"),
            ],
            "Server on core 0, wrk with one thread on core 1, the documentation's sample as the body.",
            "The host parses, validates and calls fdatasync before each 202; after each sample the "
            + "202s that wrk saw were compared with the trades accepted and counted.",
            pipeline > 1
                ? "nginx stands in both forms: one request in flight on a connection, and as many."
                : "The null server shows what wrk itself can do.");
    }

    private static Score ScoreOf(
        Goal goal,
        IReadOnlyList<WrkResult> host,
        IReadOnlyList<WrkResult> nginx,
        GeneratorBounds bounds) => Score.Of(
            goal,
            Ratios(host, nginx),
            string.Join("; ", [PerCpuSecond(host, nginx), .. bounds.Of(host, nginx)]),
            bounds.Hold(host, nginx));

    private static double[] Ratios(
        IReadOnlyList<WrkResult> mine, IReadOnlyList<WrkResult> others) =>
        [.. mine.Zip(others, (one, other) => one.PerSecond / other.PerSecond)];

    private static string PerCpuSecond(
        IReadOnlyList<WrkResult> mine, IReadOnlyList<WrkResult> others) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Median(mine, x => x.PerCpuSecond) / Median(others, x => x.PerCpuSecond):F2} × per server CPU-s");

    private static double Median(IReadOnlyList<WrkResult> samples, Func<WrkResult, double> value) =>
        new Row("", [.. samples.Select(value)]).Median;
}
