using System.Globalization;

namespace TradeProcessor.Tests.Browser;

/// <summary>The page shows what was posted, and the same as the storage API says.</summary>
public sealed class CountersTests(Chromium chromium)
{
    [Fact]
    public async Task Page_TradesPosted_CountersAndChartsMove()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        var desk = new Desk(host.Client);
        await using var page = await chromium.OpenAsync(host.Address);

        // Empty: it says how to post the first one.
        await page.WaitForStateAsync("live");
        var command = page.Page.Locator(".first-trade code");
        await Expect(command).ToContainTextAsync($"curl -X POST {host.Address}trades");
        await Expect(command).ToBeVisibleAsync();

        // One: it is on the tape.
        await desk.PostAsync(Desk.Trade("first-of-all", "EUR/GBP", "FR"));
        await desk.WaitForPageAsync(page, accepted: 1);
        await Expect(command).ToBeHiddenAsync();
        await Expect(page.NewestTrades.First).ToContainTextAsync("first-of-all");

        // Many, of which some are refused.
        await desk.PostManyAsync(240, invalid: 3);
        await desk.PostInvalidAsync();
        await desk.WaitForPageAsync(page, accepted: 241);
        Assert.Equal(4, await page.MetricAsync("rejected"));
        foreach (var chart in LivePage.Charts)
            await page.WaitForPointsAsync(chart);
        await Eventually.EqualAsync(241, () => page.TotalAsync("throughput"));
        var totals = await TotalsAsync(page);

        await desk.PostManyAsync(60, invalid: 1);
        await desk.WaitForPageAsync(page, accepted: 301);
        foreach (var (chart, before) in LivePage.Charts.Zip(totals))
        {
            await Eventually.TrueAsync(
                async () => await page.TotalAsync(chart) > before, $"the chart of {chart} grew");
        }
        Assert.Empty(page.Problems);
    }

    [Fact]
    public async Task Tables_TradesPosted_EqualTheApisRankings()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        var desk = new Desk(host.Client);
        await desk.PostManyAsync(500);
        await using var page = await chromium.OpenAsync(host.Address);
        await desk.WaitForPageAsync(page, accepted: 500);

        var pairs = await page.TableAsync("pairs");
        await Eventually.EqualAsync(
            async () => string.Join('\n', (await desk.GetAsync("/api/pairs?window=15m"))
                .EnumerateArray()
                .Select(x => $"{x.GetProperty("pair")} "
                    + $"{Exact(x.GetProperty("count").GetDecimal())} "
                    + $"{Exact(x.GetProperty("amountSell").GetDecimal())} "
                    + $"{x.GetProperty("pair").GetString()![..3]} "
                    + $"{Exact(x.GetProperty("amountBuy").GetDecimal())} "
                    + $"{x.GetProperty("pair").GetString()![4..]}")),
            async () => string.Join('\n', await pairs.EvaluateAllAsync<string[]>(
                "rows => rows.map(({ cells: [pair, count,,,, sold, bought] }) => "
                + "[pair.innerText, count.innerText, sold.title, bought.title].join(' '))")));

        var countries = await page.TableAsync("countries");
        await Eventually.EqualAsync(
            async () => string.Join('\n', (await desk.GetAsync("/api/countries?window=15m"))
                .EnumerateArray()
                .Select(x => $"{x.GetProperty("country")} {x.GetProperty("count")}")),
            async () => string.Join('\n', await countries.EvaluateAllAsync<string[]>(
                "rows => rows.map(({ cells: [code, , count] }) => "
                + "`${code.innerText} ${count.innerText}`)")));
    }

    private static async Task<List<decimal>> TotalsAsync(LivePage page)
    {
        var totals = new List<decimal>();
        foreach (var chart in LivePage.Charts)
            totals.Add(await page.TotalAsync(chart));
        return totals;
    }

    private static string Exact(decimal value) =>
        value.ToString("#,0.########", CultureInfo.InvariantCulture);
}
