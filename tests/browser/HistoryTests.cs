using Microsoft.Playwright;

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
        Assert.Equal(50, await page.NewestTrades.CountAsync());
    }

    [Fact]
    public async Task Page_Focus_ShowsThePricesOfThePairPicked()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        var desk = new Desk(host.Client);
        // One second of one pair, and at least three of the other.
        await desk.PostAsync(Desk.Trade("u", "USD/JPY", "JP", 110.25m));
        await Eventually.TrueAsync(
            async () =>
            {
                await desk.PostAsync(Desk.Trade("u", "EUR/GBP", "FR"));
                return await desk.SecondsAsync("EUR/GBP") >= 3;
            },
            "there are three seconds of EUR/GBP");

        await using var page = await chromium.OpenAsync(host.Address);
        await AssertShownAsync(page, desk, "EUR/GBP");
        var select = page.Chart("vwap").GetByLabel("Pair to show");
        Assert.Equal("EUR/GBP", await select.InputValueAsync());

        _ = await select.SelectOptionAsync("USD/JPY");
        await AssertShownAsync(page, desk, "USD/JPY");
        Assert.Equal(1, await page.PointsAsync("vwap"));
        await Expect(page.Chart("vwap")).ToContainTextAsync("JPY for one USD: 110.250");

        // A button in the table of pairs picks too.
        _ = await page.TableAsync("pairs");
        await page.Chart("pairs")
            .GetByRole(AriaRole.Button, new() { Name = "EUR/GBP" }).ClickAsync();
        await AssertShownAsync(page, desk, "EUR/GBP");
    }

    private static Task AssertShownAsync(LivePage page, Desk desk, string pair) =>
        Eventually.EqualAsync<decimal>(
            async () => await desk.SecondsAsync(pair), () => page.PointsAsync("vwap"));
}
