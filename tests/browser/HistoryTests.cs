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

    /// <summary>A picture taken between two updates has what the next one brings.</summary>
    [Fact]
    public async Task Page_ReloadedWhileTradesFlow_ShowsEachOnce()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        var desk = new Desk(host.Client);
        await desk.PostManyAsync(50);
        await using var page = await chromium.OpenAsync(host.Address);
        await page.WaitForStateAsync("live");
        using var ending = new CancellationTokenSource();
        var posting = PostAsync(ending.Token);
        for (var i = 0; i < 8; i++)
        {
            _ = await page.Page.ReloadAsync();
            await Expect(page.Page.Locator("body[data-loaded]")).ToBeAttachedAsync();
            var first = (await UsersAsync())[0];
            await Eventually.TrueAsync(
                async () => (await UsersAsync())[0] != first, "the next trade is shown");
            var users = await UsersAsync();
            Assert.Equal(users.Distinct(), users);
        }
        await ending.CancelAsync();
        await posting;
        await Eventually.TrueAsync(
            async () => (await UsersAsync()).SequenceEqual(
                (await desk.GetAsync("/api/trades?limit=25")).EnumerateArray()
                    .Select(trade => trade.GetProperty("userId").GetString()!)),
            "the page shows what the storage API says");

        async Task PostAsync(CancellationToken end)
        {
            while (!end.IsCancellationRequested)
            {
                await desk.PostManyAsync(1);
                await Task.Delay(60, CancellationToken.None); // some between two updates
            }
        }

        async Task<IReadOnlyList<string>> UsersAsync() => await page.NewestTrades
            .Locator("td:last-child").AllTextContentsAsync();
    }
}
