using System.Diagnostics;
using System.Text.Json;
using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Redis;

/// <summary>
/// Trades through Redis with everything on one machine, the load tool included: from the first POST
/// until the storage API has counted the last one. Beside it, on the same Redis, what a program
/// does that pushes each trade as JSON and counts nothing.
/// </summary>
internal static class RedisBenchmark
{
    private const int Shards = 4;

    private static readonly Goal Batched = new(
        "through Redis lists, 1,000 trades a POST, all on 2 cores, appendfsync everysec",
        "trades/s", 500_000, 1_000_000);

    private static readonly TimeSpan CountLimit = TimeSpan.FromSeconds(120);

    // The way that a trade goes, and the arguments of the load tool for it.
    private static readonly (string Name, string[] Arguments)[] Ways =
    [
        ("1,000 trades a POST", ["--batch", "1000", "--connections", "16"]),
        ("one trade a POST", ["--connections", "256"]),
    ];

    public static IReadOnlyList<Goal> Goals => [Batched];

    /// <param name="path">Directory for Redis; it is left as it was.</param>
    /// <param name="appendFsyncs">Settings of Redis; the first one is the one that is judged.</param>
    public static async Task<BenchResult> RunAsync(
        string path, Pace pace, params IReadOnlyList<string> appendFsyncs)
    {
        _ = DebianPackage.Require("redis-server", "redis-server");
        var sections = new List<Section>();
        foreach (var appendFsync in appendFsyncs)
        {
            using var setup = await RedisSetup.StartAsync(
                path, appendFsync, Shards, workers: 1);
            sections.AddRange(await MeasureAsync(setup, appendFsync, pace));
        }
        sections.Add(await ShareAsync(path, appendFsyncs[0], pace));
        return new BenchResult(
            [Score.Of(Batched, sections[0].Rows[0].Values)],
            sections,
            "Consumer, worker, storage API, redis-server and the load tool share both cores; from "
            + "the first POST until the storage API has counted the last trade.");
    }

    private static async Task<IEnumerable<Section>> MeasureAsync(
        RedisSetup setup, string appendFsync, Pace pace)
    {
        var loadTool = Repository.BuildLoadTool();
        var contenders = Ways
            .Select(way => (way.Name, Run: (Func<Task<Sample>>)(
                () => PostAsync(setup, loadTool, way.Arguments, pace.Seconds))))
            .Append(("LPUSH of JSON, not counted", () => PushAsync(setup, pace.Seconds)))
            .ToList();
        foreach (var (_, run) in contenders)
            _ = await run(); // the programs compile
        var samples = await Alternation.RunAsync(
            contenders, pace.Rounds, sample => $"{appendFsync}: {sample.PerSecond:N0} trades/s");
        return
        [
            new Section(
                $"Trades a second, appendfsync {appendFsync}",
                "trades/s",
                [.. contenders.Select((contender, i) => new Row(
                    contender.Name, [.. samples[i].Select(sample => sample.PerSecond)]))]),
            .. contenders.Select((contender, i) => new Section(
                $"{contender.Name}, appendfsync {appendFsync}: trades for each second of a processor",
                "trades/cpu-s",
                [.. samples[i][0].Cpu.Select((_, at) => new Row(
                    samples[i][0].Cpu[at].Name,
                    [.. samples[i].Select(sample => sample.PerCpuSecond(at))]))])
            {
                Compares = false,
            }),
        ];
    }

    // What a second process on the port (SO_REUSEPORT) buys.
    private static async Task<Section> ShareAsync(string path, string appendFsync, Pace pace)
    {
        var loadTool = Repository.BuildLoadTool();
        var (name, arguments) = Ways[^1];
        using var one = await RedisSetup.StartAsync(path, appendFsync, Shards, workers: 1);
        using var two = await RedisSetup.StartAsync(
            path, appendFsync, Shards, workers: 1, consumers: 2);
        var contenders = new (string Name, Func<Task<Sample>> Run)[]
        {
            ("one consumer", () => PostAsync(one, loadTool, arguments, pace.Seconds)),
            ("two on the same port", () => PostAsync(two, loadTool, arguments, pace.Seconds)),
        };
        foreach (var (_, run) in contenders)
            _ = await run(); // the programs compile
        var samples = await Alternation.RunAsync(
            contenders, pace.Rounds, sample => $"{sample.PerSecond:N0} trades/s");
        return new Section(
            $"{name}, appendfsync {appendFsync}, by consumers",
            "trades/s",
            [.. contenders.Select((contender, i) => new Row(
                contender.Name, [.. samples[i].Select(sample => sample.PerSecond)]))]);
    }

    private static async Task<Sample> PostAsync(
        RedisSetup setup, string loadTool, string[] arguments, int seconds)
    {
        var before = await setup.CountedAsync();
        var cpu = setup.Processes.Select(x => x.Process.CpuTime).ToList();
        var started = Stopwatch.GetTimestamp();
        using var load = new ChildProcess("dotnet", [
            loadTool,
            "--url", setup.ConsumerUrl.OriginalString,
            "--duration", $"{seconds}s",
            "--retry",
            "--json",
            .. arguments]);
        using var result = JsonDocument.Parse(await load.EndAsync(CountLimit));
        var accepted = result.RootElement.GetProperty("accepted").GetInt64();
        var startSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds
            - result.RootElement.GetProperty("seconds").GetDouble();
        using var limit = new CancellationTokenSource(CountLimit);
        while (await setup.CountedAsync() < before + accepted)
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        return new Sample(
            accepted,
            Stopwatch.GetElapsedTime(started).TotalSeconds - startSeconds,
            [.. setup.Processes.Select((x, i) => (x.Name, x.Process.CpuTime - cpu[i]))]);
    }

    private static async Task<Sample> PushAsync(RedisSetup setup, int seconds)
    {
        var redis = setup.Redis.CpuTime;
        var own = Environment.CpuUsage.TotalTime;
        var (pushed, took) = await JsonPush.RunAsync(setup.RedisPort, seconds);
        return new Sample(pushed, took,
        [
            ("redis-server", setup.Redis.CpuTime - redis),
            ("program that pushes", Environment.CpuUsage.TotalTime - own),
        ]);
    }

    private sealed record Sample(
        long Trades, double Seconds, IReadOnlyList<(string Name, TimeSpan Time)> Cpu)
    {
        public double PerSecond => Trades / Seconds;

        public double PerCpuSecond(int process) => Trades / Cpu[process].Time.TotalSeconds;
    }
}
