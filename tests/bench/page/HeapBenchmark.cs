using System.Diagnostics;
using System.Globalization;
using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Page;

/// <summary>
/// A page that stays open while 20,000 trades a second flow: what it holds, and whether it still
/// draws as it did at first.
/// </summary>
internal static class HeapBenchmark
{
    private const int TradesPerPost = 1000;
    private const int PostsPerSecond = 20;
    private const int Connections = 4;
    private const int Looks = 12;
    private const double MiB = 1 << 20;

    private static readonly TimeSpan Sending = TimeSpan.FromMinutes(1);

    // What a chart of 15 minutes holds must have come first: an hour's second fifth has it.
    private static readonly Goal Flat = new(
        "heap of the page at 20,000 trades/s, growth from the second fifth of an hour to the last",
        "%", 5, null, true);

    public static IReadOnlyList<Goal> Goals => [Flat];

    public static async Task<BenchResult> RunAsync(string path, double minutes)
    {
        using var host = await HostServer.StartAsync(path, HostVariant.Default);
        await using var page = await WatchedPage.OpenAsync(path, host.Address);
        using var end = new CancellationTokenSource();
        var sending = SendAsync(host, end.Token);
        _ = await page.TakeAsync(TradesPerPost);
        var looks = new List<Look>();
        while (looks.Count < Looks)
        {
            looks.Add(await LookAsync(host, page, minutes / Looks));
            Console.WriteLine($"  {looks[^1]}");
        }
        await end.CancelAsync();
        await sending;

        var second = Median(looks[(Looks / 5)..(Looks * 2 / 5)]);
        var last = Median(looks[(Looks * 4 / 5)..]);
        return new BenchResult(
            [
                Score.Of(
                    Flat,
                    [100 * (last - second) / second],
                    minutes == Pace.Full.PageMinutes
                        ? ""
                        : string.Create(CultureInfo.InvariantCulture, $"over {minutes} minutes")),
            ],
            [
                new Section(
                    "Heap of the page after a collection", "MiB",
                    [
                        .. looks.Select((look, i) => new Row(
                            string.Create(
                                CultureInfo.InvariantCulture, $"{minutes / Looks * (i + 1):0.#} min"),
                            [look.Held.HeapBytes / MiB],
                            $"{look.Held.Elements}",
                            $"{look.Held.Listeners}",
                            Number(look.Flow.PerSecond),
                            Number(look.Flow.P99Ms),
                            Number(look.Flow.BlockedMsPerSecond),
                            look.TradesPerSecond.ToString("N0", CultureInfo.InvariantCulture))),
                    ],
                    "elements", "listeners", "frames/s", "p99 ms", "blocked ms/s", "trades/s")
                {
                    Compares = false,
                },
            ],
            "Server on core 0; Chromium, which draws without a graphics processor, and the generator "
            + "share core 1. Each row is of the time since the one before.");
    }

    private static async Task<Look> LookAsync(HostServer host, WatchedPage page, double minutes)
    {
        var began = Stopwatch.GetTimestamp();
        var counted = await host.CountedAsync();
        var flow = Flow.Of(await page.FramesAsync(TimeSpan.FromMinutes(minutes)));
        var rate = (await host.CountedAsync() - counted)
            / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await page.ForgetAsync();
        return new Look(await page.HeldAsync(), flow, rate);
    }

    // A sender anew each minute: it has a limit of time of its own.
    private static async Task SendAsync(HostServer host, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            _ = await PostSender.RunAsync(new SendPlan(
                host.Address, Connections, TradesPerPost,
                (long)(PostsPerSecond * Sending.TotalSeconds), PostsPerSecond));
        }
    }

    private static double Median(IEnumerable<Look> looks) =>
        new Row("", [.. looks.Select(look => (double)look.Held.HeapBytes)]).Median;

    private static string Number(double value) =>
        value.ToString("F1", CultureInfo.InvariantCulture);

    private sealed record Look(Held Held, Flow Flow, double TradesPerSecond)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"heap {Held.HeapBytes / MiB:F1} MiB, {Held.Elements} elements, "
            + $"{Held.Listeners} listeners, {Flow.PerSecond:F1} frames/s, p99 {Flow.P99Ms:F1} ms, "
            + $"{TradesPerSecond:N0} trades/s");
    }
}
