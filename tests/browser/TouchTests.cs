using Microsoft.Playwright;

namespace TradeProcessor.Tests.Browser;

/// <summary>The page under a finger, on a phone.</summary>
public sealed class TouchTests(Chromium chromium, FilledHost filled) : IClassFixture<FilledHost>
{
    private async Task<LivePage> OpenAsync(string path = "/")
    {
        var page = await chromium.OpenAsync(
            new Uri(filled.Host.Address, path),
            new(390, 844, ColorScheme.Light, Script: Sound.Axe, Touch: true));
        await page.WaitForStateAsync("live");
        await Expect(page.Page.Locator("body[data-loaded]")).ToBeAttachedAsync();
        return page;
    }

    [Theory]
    [InlineData("overview", "/")]
    [InlineData("compare", "/pairs/EUR-GBP?vs=USD-JPY")]
    [InlineData("country", "/countries/FR")]
    public async Task Phone_EveryTarget_IsLargeEnough(string name, string path)
    {
        await using var page = await OpenAsync(path);
        await page.WaitForPointsAsync("throughput");
        Assert.Empty(await page.Page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll(
              'button, summary, a, input:not(.choice input), .choice label')]
              .filter((each) => each.checkVisibility())
              .map((each) => [each, each.getBoundingClientRect()])
              .filter(([, { width, height }]) => width < 43.5 || height < 43.5)
              .map(([each, { width, height }]) => `${each.outerHTML}: ${width} x ${height}`)
            """));
        await Sound.AssertFitsAsync(page, $"touch-{name}-390-light");
    }

    [Theory]
    [InlineData("pairs", "Change")]
    [InlineData("countries", "Share")]
    public async Task Phone_Ranking_ShowsWhatMattersWithoutScrolling(string chart, string column)
    {
        await using var page = await OpenAsync();
        await page.WaitForPointsAsync(chart);
        var head = page.Chart(chart).GetByRole(AriaRole.Columnheader, new() { Name = column });
        var cell = (await head.BoundingBoxAsync())!;
        var table = (await page.Chart(chart).Locator(".table-box").BoundingBoxAsync())!;
        Assert.True(cell.X + cell.Width <= table.X + table.Width + 1, $"{column} is out of sight");
    }

    [Fact]
    public async Task Phone_RowTapped_LeadsWhereItsLinkDoes()
    {
        await using var page = await OpenAsync();
        await page.WaitForPointsAsync("pairs");
        await page.Chart("pairs").Locator("tbody tr").First.Locator("td").Nth(1).TapAsync();
        await Eventually.EqualAsync("/pairs/EUR-GBP", page.AddressAsync);
    }

    [Fact]
    public async Task Phone_CountryTapped_FiltersAndItsWordsGo()
    {
        await using var page = await OpenAsync();
        await Expect(page.Page.Locator(".pulses")).ToBeAttachedAsync();
        var canvas = page.Chart("map").Locator("canvas").First;
        await canvas.ScrollIntoViewIfNeededAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                var box = (await canvas.BoundingBoxAsync())!;
                await page.Page.Touchscreen.TapAsync(
                    box.X + box.Width * 0.354f, box.Y + box.Height * 0.67f);
                return await page.AddressAsync() == "/?country=BR";
            },
            "Brazil was picked");
        await Expect(page.Page.Locator(".map-tip")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Phone_Layout_CanBeReset()
    {
        await using var page = await OpenAsync();
        await page.Page.Locator("[data-slot=help] button").TapAsync();
        await Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Reset the layout" }))
            .ToBeVisibleAsync();
    }
}
