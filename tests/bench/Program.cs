using Spectre.Console;
using TradeProcessor.Bench;
using TradeProcessor.Bench.Connections;
using TradeProcessor.Bench.Redis;
using TradeProcessor.Bench.Soak;

// NAME → benchmark. Each prints a table and writes artifacts/bench/NAME.html.
var benchmarks = new SortedDictionary<string, Action<BenchOptions>>(StringComparer.Ordinal)
{
    ["accept"] = options => AcceptBenchmark.Run(options.Path),
    ["append"] = options => AppendBenchmark.Run(options.Path),
    ["bodies"] = _ => BodiesBenchmark.Run(),
    ["frame"] = _ => FrameBenchmark.Run(),
    ["merge"] = _ => MergeBenchmark.Run(),
    ["parse"] = _ => ParseBenchmark.Run(),
};

// The peer of "idle", in a process of its own.
if (args is [BareKestrel.Name, var url])
{
    BareKestrel.Run(url);
    return 0;
}
if (BenchOptions.TryParse(args) is { } options)
{
    if (options.Name == "all")
    {
        foreach (var benchmark in benchmarks.Values)
            benchmark(options);
        return 0;
    }
    if (options.Name == "soak")
    {
        await SoakRun.RunAsync(options.Path, options.Minutes);
        return 0;
    }
    if (options.Name == "idle")
    {
        await ConnectionsBenchmark.RunIdleAsync(options.Path);
        return 0;
    }
    if (options.Name == "connections")
    {
        await ConnectionsBenchmark.RunAsync(options.Path, options.Connections);
        return 0;
    }
    if (options.Name == "redis")
    {
        await RedisBenchmark.RunAsync(options.Path);
        return 0;
    }
    if (options.Name == "spread")
    {
        await SpreadBenchmark.RunAsync(options.Path);
        return 0;
    }
    if (benchmarks.TryGetValue(options.Name, out var run))
    {
        run(options);
        return 0;
    }
}
AnsiConsole.WriteLine($"usage: bench NAME {BenchOptions.Usage}");
AnsiConsole.WriteLine($"NAME is one of: {string.Join(", ", benchmarks.Keys)}, all, connections, idle, redis, soak, spread");
return 2;
