using TradeProcessor.Bench.Connections;
using TradeProcessor.Bench.Http;
using TradeProcessor.Bench.Live;
using TradeProcessor.Bench.Ndjson;
using TradeProcessor.Bench.Page;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Redis;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Soak;

namespace TradeProcessor.Bench.Board;

/// <summary>
/// The benchmarks that have goals. Each stores what it came to; the scoreboard is made of what was
/// stored last, so that benchmarks may run one by one.
/// </summary>
internal static class Scoreboard
{
    // A short soak would say nothing: seconds of cells that are kept longer than it takes.
    private const string ShortRetention = "00:01:00";

    private const string Parse = "parse"; // the one that uses no disk

    private static readonly (string Name, Func<BenchOptions, Pace, Task<BenchResult>> Run)[] Entries =
    [
        ("single", (options, pace) => RequestsBenchmark.SingleAsync(options.Path, pace)),
        ("steps", (options, pace) => StepsBenchmark.RunAsync(options.Path, pace)),
        ("pipelined", (options, pace) => RequestsBenchmark.PipelinedAsync(options.Path, pace)),
        ("ndjson", (options, pace) => NdjsonBenchmark.RunAsync(options.Path, pace)),
        (Parse, (_, _) => Task.FromResult(ParseScore.Run())),
        ("ab", (options, pace) => AbBenchmark.RunAsync(options.Path, pace)),
        ("page", (options, pace) => PageBenchmark.RunAsync(options.Path, pace)),
        ("desk", (options, pace) => DeskBenchmark.RunAsync(options.Path, pace)),
        ("connections", (options, pace) => ConnectionsBenchmark.RunAsync(
            options.Path, pace, options.Connections, options.Rate)),
        ("idle", (options, pace) => ConnectionsBenchmark.RunIdleAsync(options.Path, pace)),
        ("redis", (options, pace) => RedisBenchmark.RunAsync(
            options.Path, pace, "everysec", "always")),
        ("latency", (options, pace) => LatencyBenchmark.RunAsync(options.Path, pace)),
        ("live", (options, pace) => LiveBenchmark.RunAsync(options.Path, pace)),
        ("memory", (options, pace) => SoakRun.RunAsync(
            options.Path,
            options.Minutes ?? pace.SoakMinutes,
            SoakReport.RetainSeconds, ShortRetention)),
    ];

    public static IEnumerable<string> Names => Entries.Select(entry => entry.Name);

    /// <returns>False where a benchmark failed.</returns>
    public static async Task<bool> RunAllAsync(BenchOptions options)
    {
        var whole = true;
        foreach (var name in Names)
        {
            try
            {
                await RunAsync(name, options);
            }
            catch (Exception exception) when (!Interruption.Token.IsCancellationRequested)
            {
                whole = false;
                StoredResult.Fail(name, options.Quick, exception.Message);
                Console.WriteLine($"{name} failed: {exception}");
            }
        }
        Show(options);
        return whole;
    }

    public static async Task RunAsync(string name, BenchOptions options)
    {
        Console.WriteLine($"{name}:");
        if (name != Parse)
            await DiskRest.WaitAsync(options.Path, options.Quick);
        var result = await Entries.First(entry => entry.Name == name)
            .Run(options, options.Quick ? Pace.Quick : Pace.Full);
        BenchReport.Show(name, result);
        StoredResult.Keep(name, options.Quick, result);
    }

    /// <summary>Prints and writes the scoreboard of what was stored last.</summary>
    public static void Show(BenchOptions options)
    {
        var results = Names.Select(StoredResult.Read).ToList();
        BoardReport.Print(results);
        BoardReport.WriteHtml(results);
        if (options.Write is not null)
            BoardReport.WriteMarkdown(results, options.Write);
    }
}
