using System.Diagnostics;
using System.Text.RegularExpressions;

namespace TradeProcessor.Tests.Browser;

/// <summary>A browser that cannot keep up costs nobody else anything.</summary>
public sealed class SlowViewerTests(Chromium chromium, ITestOutputHelper output)
{
    private const int Rounds = 80;
    private const int PostsARound = 8;
    private const int TradesAPost = 24; // fewer than are told once a second only
    private const int TradesARound = PostsARound * TradesAPost;
    private const long MostGrowthBytes = 256L << 20;

    private static readonly TimeSpan MostDelay = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Live_StalledViewer_DelaysNobodyAndIsDroppedFrom()
    {
        using var directory = new TemporaryDirectory();
        // Often, so that what waits for the stalled one soon fills every buffer on the way.
        await using var host = await HostProcess.StartAsync(
            directory.Path, "--Live:Tick", "00:00:00.050", "--Live:ViewerBytes", "4096");
        await using var proxy = new CuttingProxy(host.Address);
        var desk = new Desk(host.Client);
        await desk.PostManyAsync(TradesARound);
        await using var stalled = await chromium.OpenAsync(proxy.Address);
        await using var other = await chromium.OpenAsync(host.Address);
        await desk.WaitForPageAsync(stalled, accepted: TradesARound);
        await desk.WaitForPageAsync(other, accepted: TradesARound);
        var watches = stalled.Watches;
        var before = ResidentBytes(host);

        proxy.Stall();
        var slowest = TimeSpan.Zero;
        var total = TradesARound;
        for (var round = 0; round < Rounds; round++)
        {
            for (var post = 0; post < PostsARound; post++)
            {
                await desk.PostManyAsync(TradesAPost);
                total += TradesAPost;
                await Eventually.EqualAsync<decimal>(
                    total, async () => (await desk.SummaryAsync()).Accepted);
            }
            var posted = Stopwatch.StartNew();
            await Eventually.EqualAsync<decimal>(total, () => other.MetricAsync("accepted"));
            slowest = slowest > posted.Elapsed ? slowest : posted.Elapsed;
        }
        var growth = ResidentBytes(host) - before;
        output.WriteLine(
            $"slowest update {slowest.TotalMilliseconds:0} ms, memory +{growth >> 20} MiB");
        // Silent for seconds; or given up by the host already, which waits 10 s for it to read.
        await Expect(stalled.Body).ToHaveAttributeAsync(
            "data-state", new Regex("^(stale|reconnecting)$"));
        // What was on its way through the proxy still came, and no more.
        Assert.True(await stalled.MetricAsync("accepted") < total - TradesARound);
        Assert.True(slowest < MostDelay, $"an update took {slowest}");
        Assert.True(growth < MostGrowthBytes, $"the host grew by {growth >> 20} MiB");

        // What was dropped is a gap: the page asks for the present state.
        proxy.Flow();
        await desk.WaitForPageAsync(stalled, accepted: total);
        await stalled.WaitForStateAsync("live");
        Assert.True(stalled.Watches > watches, "the stalled page never asked again");
    }

    private static long ResidentBytes(HostProcess host)
    {
        using var process = Process.GetProcessById(host.Id);
        return process.WorkingSet64;
    }
}
