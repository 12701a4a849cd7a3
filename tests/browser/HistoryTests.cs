namespace TradeProcessor.Tests.Browser;

/// <summary>The charts hold what was before the page was opened.</summary>
public sealed class HistoryTests(Chromium chromium)
{
    [Fact]
    public async Task Page_Reload_ShowsHistory()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        var desk = new Desk(host.Client);
        await desk.PostManyAsync(150);
        await using var page = await chromium.OpenAsync(host.Address);
        await desk.WaitForPageAsync(page, accepted: 150);
        await Eventually.EqualAsync(150, () => page.TotalAsync("throughput"));
        var before = await page.PointsAsync("throughput");

        _ = await page.Page.ReloadAsync();
        await Expect(page.Page.Locator("body[data-loaded]")).ToBeAttachedAsync();
        // The first picture, not a later one: it was there at once.
        Assert.True(await page.PointsAsync("throughput") >= before);
        Assert.Equal(150, await page.TotalAsync("throughput"));
        Assert.Equal(150, await page.MetricAsync("accepted"));
        Assert.True(await page.PointsAsync("pairs") > 0);
        Assert.Equal(25, await page.NewestTrades.CountAsync());
    }
}
