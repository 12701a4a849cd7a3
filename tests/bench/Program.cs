using Spectre.Console;
using TradeProcessor.Bench;

// NAME → benchmark. Each prints a table and writes artifacts/bench/NAME.html.
var benchmarks = new SortedDictionary<string, Action>(StringComparer.Ordinal)
{
    ["bodies"] = BodiesBenchmark.Run,
    ["parse"] = ParseBenchmark.Run,
};

if (args is not [var name] || !benchmarks.TryGetValue(name, out var run))
{
    AnsiConsole.WriteLine($"usage: bench NAME    NAME is one of: {string.Join(", ", benchmarks.Keys)}");
    return 2;
}
run();
return 0;
