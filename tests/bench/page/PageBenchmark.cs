using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Page;

/// <summary>
/// 100,000 messages from the first POST until the frame in which the page's counter of accepted
/// trades holds the last of them, in a real browser.
/// </summary>
internal static class PageBenchmark
{
    private const int Trades = 100_000;
    private const int TradesPerBatch = 1000;

    private static readonly (Goal Goal, int Connections, int TradesPerPost)[] Ways =
    [
        (new("100,000 messages to the page, single POSTs", "s", 2, 1, true), 128, 1),
        (new("100,000 messages to the page, 1,000 a POST", "s", 0.5, 0.2, true), 16, TradesPerBatch),
    ];

    public static IReadOnlyList<Goal> Goals => [.. Ways.Select(way => way.Goal)];

    public static async Task<BenchResult> RunAsync(string path, Pace pace)
    {
        using var host = await HostServer.StartAsync(path, HostVariant.Default);
        await using var page = await WatchedPage.OpenAsync(path, host.Address);
        var contenders = Ways.Select(way => (
            way.Goal.What,
            (Func<Task<double>>)(() => MeasureAsync(host, page, way.Connections, way.TradesPerPost))))
            .ToList();
        for (var i = 0; i < 2; i++)
        {
            foreach (var (_, run) in contenders)
                _ = await run(); // server and page compile
        }
        var samples = await Alternation.RunAsync(
            contenders, pace.Rounds, seconds => $"{seconds:F2} s");
        return new BenchResult(
            [.. Ways.Select((way, i) => Score.Of(way.Goal, samples[i]))],
            [
                new Section("100,000 messages to the page", "s", [
                    .. Ways.Select((way, i) => new Row(
                        way.TradesPerPost == 1 ? "single POSTs" : "1,000 a POST", samples[i]))])
                {
                    Compares = false,
                },
            ],
            "Server on core 0; generator and Chromium share core 1. From the first POST until the "
            + "frame in which the page's counter holds the last trade.");
    }

    private static async Task<double> MeasureAsync(
        HostServer host, WatchedPage page, int connections, int tradesPerPost)
    {
        var last = await host.SettleAsync() + Trades;
        await page.ForgetAsync();
        var sent = await PostSender.RunAsync(new SendPlan(
            host.Address, connections, tradesPerPost, Trades / tradesPerPost, Rate: 0));
        var seen = await page.TakeAsync(last);
        return (seen.First(x => x.Accepted >= last).AtMs - sent.StartMs) / 1000;
    }
}
