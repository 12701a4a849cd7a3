using Microsoft.Playwright;

namespace TradeProcessor.Tests.Browser;

/// <summary>What is on a canvas, by the colours of its pixels.</summary>
public sealed class ChartTests(Chromium chromium, FilledHost filled) : IClassFixture<FilledHost>
{
    // How many pixels of a chart have the colour of a token of the theme, nearly.
    private const string Count =
        """
        ([chart, token]) => {
          const canvas = document.querySelector(`[data-chart=${chart}] canvas`);
          const { width, height } = canvas;
          if (width === 0 || canvas.offsetParent === null) return 0;
          const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
          const hex = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
          const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
          let count = 0;
          for (let at = 0; at < data.length; at += 4) {
            const isNear = wanted.every((each, part) => Math.abs(data[at + part] - each) <= 4);
            if (isNear && data[at + 3] >= 160) count++;
          }
          return count;
        }
        """;

    [Fact]
    public async Task Line_ThemeChanges_IsDrawnInItsColours()
    {
        await using var page = await chromium.OpenAsync(filled.Host.Address, new(Theme: ColorScheme.Dark));
        await filled.Desk.WaitForPageAsync(page, FilledHost.Trades);
        await SeenAsync(page, "throughput");
        await page.Page.Keyboard.PressAsync("t"); // from the system's, which is dark, to dark
        await page.Page.Keyboard.PressAsync("t");
        await Expect(page.Page.Locator("html[data-theme=light]")).ToBeAttachedAsync();
        await SeenAsync(page, "throughput");
    }

    [Fact]
    public async Task Line_HiddenAsATableWhenThePageOpens_IsDrawnOnceItIsShown()
    {
        await using var page = await chromium.OpenAsync(filled.Host.Address);
        await filled.Desk.WaitForPageAsync(page, FilledHost.Trades);
        await Expect((await page.TableAsync("throughput")).First).ToBeVisibleAsync();
        _ = await page.Page.ReloadAsync();
        await filled.Desk.WaitForPageAsync(page, FilledHost.Trades);
        var card = page.Chart("throughput");
        await Expect(card.Locator("table")).ToBeVisibleAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Table" }).ClickAsync();
        await SeenAsync(page, "throughput");
        var (canvas, place) = (await card.Locator("canvas").BoundingBoxAsync(),
            await card.Locator(".picture").BoundingBoxAsync());
        Assert.Equal(place!.Width, canvas!.Width, tolerance: 0.5);
        Assert.Equal(place.Height, canvas.Height, tolerance: 0.5);
    }

    [Fact]
    public async Task Line_WindowGetsNarrowWhilePaused_IsDrawnForIt()
    {
        await using var page = await chromium.OpenAsync(filled.Host.Address);
        await filled.Desk.WaitForPageAsync(page, FilledHost.Trades);
        // Points of 2 s each; there is no room for so many on a phone.
        await Eventually.EqualAsync(
            true, async () => await page.PointsAsync("throughput") >= 5);
        await page.Page.Keyboard.PressAsync(" ");
        await Expect(page.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Paused");
        var wide = await page.PointsAsync("throughput");

        await page.Page.SetViewportSizeAsync(390, 800);
        await Eventually.EqualAsync(
            true, async () => await page.PointsAsync("throughput") < wide);
        await SeenAsync(page, "throughput");
    }

    private static async Task SeenAsync(LivePage page, string chart) =>
        _ = await page.Page.WaitForFunctionAsync(
            $"at => ({Count})(at) > 10",
            new[] { chart, "--blue" },
            new() { Timeout = LivePage.LimitMs });
}
