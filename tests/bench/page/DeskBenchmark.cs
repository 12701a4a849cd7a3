using System.Globalization;
using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Page;

/// <summary>
/// The page at a desk: how soon it can be used, and how it draws while 20,000 trades a second flow.
/// </summary>
internal static class DeskBenchmark
{
    private const int TradesPerPost = 1000;
    private const int PostsPerSecond = 20;
    private const int Connections = 4;
    private const int Visits = 5;

    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(8);

    private static readonly Goal Usable = new(
        "a new page can be used, after", "ms", 1000, 500, true);

    // The display's own 60, less the rounding of a sample's ends.
    private static readonly Goal Smooth = new(
        "frames of the page while 20,000 trades/s flow", "frames/s", 59.5, null);

    public static IReadOnlyList<Goal> Goals => [Usable, Smooth];

    public static async Task<BenchResult> RunAsync(string path, Pace pace)
    {
        using var host = await HostServer.StartAsync(path, HostVariant.Default);
        await using var page = await WatchedPage.OpenAsync(path, host.Address);
        _ = await FlowAsync(host, page); // server and page compile
        var still = new List<Flow>();
        var flowing = new List<Flow>();
        var visits = new List<(double Usable, double WithMap)>();
        for (var round = 0; round < pace.Rounds; round++)
        {
            still.Add(Flow.Of(await page.FramesAsync(Sample)));
            flowing.Add(await FlowAsync(host, page));
            for (var visit = 0; visit < Visits; visit++)
                visits.Add(await page.VisitAsync());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {flowing[^1].PerSecond:F1} frames/s, p99 {flowing[^1].P99Ms:F0} ms, "
                + $"usable after {visits[^1].Usable:F0} ms"));
        }
        return new BenchResult(
            [
                Score.Of(Usable, [.. visits.Select(x => x.Usable)]),
                Score.Of(Smooth, [.. flowing.Select(x => x.PerSecond)]),
            ],
            [
                new Section("Frames of the page", "frames/s",
                    [Row("nothing comes", still), Row("20,000 trades/s", flowing)],
                    "p99 ms", "blocked ms/s", "longest task ms"),
                new Section(
                    $"From the address to a page that can be used, {Visits} new visitors a round",
                    "ms",
                    [
                        new Row("usable", [.. visits.Select(x => x.Usable)]),
                        new Row("and the map is there", [.. visits.Select(x => x.WithMap)]),
                    ])
                {
                    Compares = false,
                },
            ],
            "Server on core 0; Chromium, which draws without a graphics processor, and the generator "
            + "share core 1. Frames are those that the browser asks the page to draw, 60 a second at "
            + "most. A task that blocks lasts longer than 50 ms. A visitor has nothing in the cache, and "
            + "goes to the page in a window that is open, while another one watches, too; the page "
            + "can be used when its first state is shown, in figures, charts and tables; "
            + "the map, which is fetched last, has a row of its own.");
    }

    private static Row Row(string name, IReadOnlyList<Flow> flows) => new(
        name,
        [.. flows.Select(x => x.PerSecond)],
        Median(flows.Select(x => x.P99Ms)),
        Median(flows.Select(x => x.BlockedMsPerSecond)),
        Median(flows.Select(x => x.LongestMs)));

    private static string Median(IEnumerable<double> values) =>
        new Row("", [.. values]).Median.ToString("F1", CultureInfo.InvariantCulture);

    private static async Task<Flow> FlowAsync(HostServer host, WatchedPage page)
    {
        // Trades flow for a little longer than the page is looked at.
        var posts = (long)((Sample.TotalSeconds + 2) * PostsPerSecond);
        var first = await host.SettleAsync() + TradesPerPost;
        await page.ForgetAsync();
        var sending = PostSender.RunAsync(
            new SendPlan(host.Address, Connections, TradesPerPost, posts, PostsPerSecond));
        _ = await page.TakeAsync(first);
        var flow = Flow.Of(await page.FramesAsync(Sample));
        _ = await sending;
        return flow;
    }
}
