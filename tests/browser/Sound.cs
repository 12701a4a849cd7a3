using Microsoft.Playwright;

namespace TradeProcessor.Tests.Browser;

/// <summary>Whether a page is whole: it fits, can be read, and axe finds nothing.</summary>
internal static class Sound
{
    private static readonly string Screenshots =
        Path.Combine(Repository.Root, "artifacts", "screenshots");

    public static readonly string Axe = File.ReadAllText(Path.Combine(
        Repository.Root, "frontend", "web", "node_modules", "axe-core", "axe.min.js"));

    /// <summary>Also takes the picture, by which a person judges it.</summary>
    public static async Task AssertFitsAsync(LivePage page, string name)
    {
        await ShootAsync(page, name);
        Assert.Equal(0, await SidewaysAsync(page));
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.figure-value, h2, .card-subtitle')]"
            + ".filter((each) => each.scrollWidth > each.clientWidth + 1)"
            + ".map((each) => `${each.innerText} is cut off`)"));
        Assert.Empty(await BreachesAsync(page));
    }

    /// <summary>How many pixels the page scrolls sideways.</summary>
    public static Task<int> SidewaysAsync(LivePage page) => page.Page.EvaluateAsync<int>(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>What axe finds wrong, contrast below 4.5:1 among it.</summary>
    public static Task<string[]> BreachesAsync(LivePage page) =>
        page.Page.EvaluateAsync<string[]>(
            "async () => (await axe.run()).violations.flatMap(({ id, nodes }) => "
            + "nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`))");

    public static string Name(ColorScheme theme) => theme == ColorScheme.Dark ? "dark" : "light";

    private static async Task ShootAsync(LivePage page, string name)
    {
        _ = await page.Page.EvaluateAsync("() => scrollTo(0, 0)"); // the bar sticks to the top
        _ = await page.Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(Screenshots, $"{name}.png"),
            FullPage = true,
        });
    }
}
