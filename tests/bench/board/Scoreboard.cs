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
    private static readonly string[] MemoryArguments = [SoakReport.RetainSeconds, "00:01:00"];

    private const string Parse = "parse"; // the one that uses no disk

    private static readonly ResultStore Store = new(Path.Combine("artifacts", "bench"));

    private static readonly Entry[] Entries =
    [
        new("single", _ => RequestsBenchmark.SingleGoals, (options, pace) =>
            RequestsBenchmark.SingleAsync(options.Path, pace)),
        new("steps", _ => [], (options, pace) => StepsBenchmark.RunAsync(options.Path, pace)),
        new("pipelined", _ => RequestsBenchmark.PipelinedGoals, (options, pace) =>
            RequestsBenchmark.PipelinedAsync(options.Path, pace)),
        new("ndjson", _ => NdjsonBenchmark.Goals, (options, pace) =>
            NdjsonBenchmark.RunAsync(options.Path, pace)),
        new(Parse, _ => ParseScore.Goals, (_, pace) => Task.FromResult(ParseScore.Run(pace))),
        new("ab", _ => AbBenchmark.Goals, (options, pace) =>
            AbBenchmark.RunAsync(options.Path, pace)),
        new("page", _ => PageBenchmark.Goals, (options, pace) =>
            PageBenchmark.RunAsync(options.Path, pace)),
        new("desk", _ => DeskBenchmark.Goals, (options, pace) =>
            DeskBenchmark.RunAsync(options.Path, pace)),
        new("heap", _ => HeapBenchmark.Goals, (options, pace) =>
            HeapBenchmark.RunAsync(options.Path, options.Minutes ?? pace.PageMinutes)),
        new("connections", options => CrowdBenchmark.Goals(options.Rate), (options, pace) =>
            ConnectionsBenchmark.RunAsync(options.Path, pace, options.Connections, options.Rate)),
        new("idle", _ => ConnectionsBenchmark.IdleGoals, (options, pace) =>
            ConnectionsBenchmark.RunIdleAsync(options.Path, pace)),
        new("redis", _ => RedisBenchmark.Goals, (options, pace) =>
            RedisBenchmark.RunAsync(options.Path, pace, "everysec", "always")),
        new("latency", _ => LatencyBenchmark.Goals, (options, pace) =>
            LatencyBenchmark.RunAsync(options.Path, pace)),
        new("live", _ => LiveBenchmark.Goals, (options, pace) =>
            LiveBenchmark.RunAsync(options.Path, pace)),
        new("memory", _ => SoakReport.Goals(MemoryArguments), (options, pace) =>
            SoakRun.RunAsync(
                options.Path, options.Minutes ?? pace.SoakMinutes, MemoryArguments)),
    ];

    public static IEnumerable<string> Names => Entries.Select(entry => entry.Name);

    /// <returns>False where a benchmark failed, or the file stayed as it was.</returns>
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
                Store.Keep(StoredResult.Failed(name, options.Quick, exception.Message));
                Console.WriteLine($"{name} failed: {exception}");
            }
        }
        return Show(options) && whole;
    }

    public static async Task RunAsync(string name, BenchOptions options)
    {
        Console.WriteLine($"{name}:");
        var result = name == Parse ? await RunAsync() : await OverDiskAsync();
        BenchReport.Show(name, result, options.Quick);
        Store.Keep(StoredResult.Of(name, options.Quick, result));

        Task<BenchResult> RunAsync() => Entries.First(entry => entry.Name == name)
            .Run(options, options.Quick ? Pace.Quick : Pace.Full);

        async Task<BenchResult> OverDiskAsync()
        {
            await DiskRest.WaitAsync(options.Path, options.Quick);
            using var disk = new DiskProbe(options.Path);
            var over = await RunAsync();
            return over with { Notes = [.. over.Notes, disk.End()] };
        }
    }

    /// <summary>
    /// Prints and writes the scoreboard of what was stored last: of full runs, or of quick ones.
    /// </summary>
    /// <returns>False where the file stayed as it was.</returns>
    public static bool Show(BenchOptions options)
    {
        var rows = Entries.Select(entry => new BoardRow(
            Store.Read(entry.Name, options.Quick), entry.Goals(options))).ToList();
        BoardReport.Print(rows);
        BoardReport.WriteHtml(ResultStore.NameOf("all", options.Quick), rows);
        if (options.Write is not { } file)
            return true;
        if (BoardFile.WhyNot(rows, file) is { } why)
        {
            Console.Error.WriteLine($"bench: {why}");
            return false;
        }
        BoardFile.Write(rows, file);
        return true;
    }

    private sealed record Entry(
        string Name,
        Func<BenchOptions, IReadOnlyList<Goal>> Goals,
        Func<BenchOptions, Pace, Task<BenchResult>> Run);
}
