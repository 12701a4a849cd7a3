using System.Globalization;
using TradeProcessor.Bench;
using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Connections;
using TradeProcessor.Bench.Live;
using TradeProcessor.Bench.Page;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Redis;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Servers;
using TradeProcessor.Bench.Soak;

// What the benchmarks start of this program.
if (args is [NullServer.Command, var port])
{
    await NullServer.RunAsync(int.Parse(port, CultureInfo.InvariantCulture));
    return 0;
}
if (args is [PostSender.Command, ..])
{
    using var sender = new PostSender(SendPlan.Parse(args));
    sender.Send();
    return 0;
}

// Without goals: NAME → benchmark. Each prints a table and writes artifacts/bench/NAME.html.
var parts = new SortedDictionary<string, Func<BenchOptions, Task>>(StringComparer.Ordinal)
{
    ["accept"] = Part(options => AcceptBenchmark.Run(options.Path)),
    ["append"] = Part(options => AppendBenchmark.Run(options.Path)),
    ["bodies"] = Part(_ => BodiesBenchmark.Run()),
    ["frame"] = Part(_ => FrameBenchmark.Run()),
    ["merge"] = Part(_ => MergeBenchmark.Run()),
    ["redis-always"] = async options => BenchReport.Show("redis-always", await RedisBenchmark.RunAsync(
        options.Path, options.Quick ? Pace.Quick : Pace.Full, "always"), options.Quick),
    ["soak"] = async options => BenchReport.Show("soak", await SoakRun.RunAsync(
        options.Path, options.Minutes ?? Pace.Full.SoakMinutes), quick: false),
    ["spread"] = options => SpreadBenchmark.RunAsync(options.Path),
};

// The peer of "idle", in a process of its own.
if (args is [BareKestrel.Name, var url])
{
    BareKestrel.Run(url);
    return 0;
}

// The peer of "live".
if (args is [BareSockets.Name, var liveUrl, var messages])
{
    await BareSockets.RunAsync(liveUrl, messages);
    return 0;
}
var usage =
    $"""
    usage: bench {BenchOptions.Usage}
    NAME with goals: {string.Join(", ", Scoreboard.Names)}; all of them: all
    NAME of parts: {string.Join(", ", parts.Keys)}
    board: the scoreboard of what was measured last
    """;
if (args is ["help"] || args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(usage);
    return 0;
}
BenchOptions options;
try
{
    options = BenchOptions.Parse(
        args, ["all", BenchOptions.Board, .. parts.Keys, .. Scoreboard.Names]);
}
catch (FormatException wrong)
{
    Console.Error.WriteLine($"bench: {wrong.Message}");
    Console.Error.WriteLine(usage);
    return 2;
}
using var measured = new MeasuredDirectory(options.Path);
using var signals = Interruption.Watch();
Repository.Builds = options.Builds;
try
{
    if (options.Name == "all")
        return await Scoreboard.RunAllAsync(options) ? 0 : 1;
    if (options.Name == BenchOptions.Board)
        return Scoreboard.Show(options) ? 0 : 1;
    if (parts.TryGetValue(options.Name, out var run))
        await run(options);
    else
        await Scoreboard.RunAsync(options.Name, options);
    return 0;
}
catch (Exception) when (Interruption.Token.IsCancellationRequested)
{
    return 130;
}
catch (Exception exception)
{
    // Caught here, so that all that was started is ended on the way.
    Console.WriteLine(exception is UnavailableException
        ? $"missing: {exception.Message}"
        : $"{options.Name} failed: {exception}");
    return 1;
}

static Func<BenchOptions, Task> Part(Action<BenchOptions> run) => options =>
{
    run(options);
    return Task.CompletedTask;
};
