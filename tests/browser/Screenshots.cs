using System.Globalization;
using Microsoft.Playwright;

namespace TradeProcessor.Tests.Browser;

/// <summary>Makes the pictures in docs/; <c>ops/screenshots.sh</c> makes the load.</summary>
public sealed class Screenshots(Chromium chromium)
{
    [Fact(Explicit = true)]
    public async Task Take()
    {
        var address = new Uri(Setting("TP_SCREENSHOTS_URL"));
        var seconds = int.Parse(Setting("TP_SCREENSHOTS_SECONDS"), CultureInfo.InvariantCulture);
        // Open from the beginning: some figures have their history in the page only.
        await using var desk = await chromium.OpenAsync(address, new(1440, 960));
        await using var phone = await chromium.OpenAsync(
            address, new(390, 844, ColorScheme.Light, Scale: 2));
        await Eventually.TrueAsync(
            async () => await desk.PointsAsync("throughput") >= seconds,
            $"there are {seconds} s of trades",
            TimeSpan.FromSeconds(2 * seconds + 60));
        await ShootAsync(desk, "screenshot-dark", fullPage: true);
        await ShootAsync(phone, "screenshot-phone");
        await desk.Page.Locator("[data-chart=pairs] tbody a").First.ClickAsync();
        await desk.WaitForPointsAsync("price");
        await ShootAsync(desk, "screenshot-pair", fullPage: true);
        await desk.Page.GetByRole(AriaRole.Link, new() { Name = "Health" }).ClickAsync();
        await Expect(desk.Page.Locator("[data-finding]").First).ToBeVisibleAsync();
        await ShootAsync(desk, "screenshot-health", fullPage: true);
        Assert.Empty(desk.Problems);
        Assert.Empty(phone.Problems);
    }

    private static string Setting(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidOperationException($"{name} is not set; ops/screenshots.sh sets it.");

    private static async Task ShootAsync(LivePage page, string name, bool fullPage = false) =>
        _ = await page.Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(Repository.Root, "docs", $"{name}.png"),
            FullPage = fullPage,
        });
}
