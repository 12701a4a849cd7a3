using Microsoft.Playwright;

namespace TradeProcessor.Tests.Browser;

/// <summary>Nothing sticks out, breaks a rule or is hard to read, at any width and theme.</summary>
public sealed class LayoutTests(Chromium chromium, FilledHost filled) : IClassFixture<FilledHost>
{
    private static readonly (string Name, string Path, string[] Charts)[] Views =
    [
        ("overview", "/", LivePage.Charts),
        ("pair", "/pairs/EUR-GBP", ["price", "countries", "throughput"]),
        ("compare", "/pairs/EUR-GBP?vs=USD-JPY", ["price"]),
        ("country", "/countries/FR", ["throughput", "flows", "pairs"]),
        ("health", "/health", []),
    ];

    public static TheoryData<int, ColorScheme> Looks => new MatrixTheoryData<int, ColorScheme>(
        [1440, 1024, 390], [ColorScheme.Dark, ColorScheme.Light]);

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Layout_EveryView_FitsAndCanBeRead(int width, ColorScheme theme)
    {
        foreach (var (name, path, charts) in Views)
        {
            await using var page = await OpenAsync(
                new Uri(filled.Host.Address, path), width, theme);
            foreach (var chart in charts)
                await page.WaitForPointsAsync(chart);
            await Expect(page.Page.Locator("body[data-loaded]")).ToBeAttachedAsync();
            if (name == "overview")
                await Expect(page.Page.Locator(".map-legend")).ToBeVisibleAsync();
            await Sound.AssertFitsAsync(page, $"{name}-{width}-{Sound.Name(theme)}");
            Assert.Empty(page.Problems);
        }
    }

    [Theory]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task Layout_Tables_FitAndCanBeRead(int width, ColorScheme theme)
    {
        await using var page = await OpenAsync(filled.Host.Address, width, theme);
        foreach (var chart in LivePage.Charts)
        {
            await page.WaitForPointsAsync(chart);
            await Expect((await page.TableAsync(chart)).First).ToBeVisibleAsync();
        }
        await AssertSoundAsync(page, $"tables-{width}-{Sound.Name(theme)}");
    }

    [Theory]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task Layout_Empty_FitsAndCanBeRead(int width, ColorScheme theme)
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        await using var page = await OpenAsync(host.Address, width, theme);
        await Expect(page.Page.Locator(".first-trade")).ToBeVisibleAsync();
        await AssertSoundAsync(page, $"empty-{width}-{Sound.Name(theme)}");
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Layout_Reconnecting_FitsAndCanBeRead(int width, ColorScheme theme)
    {
        await using var proxy = new CuttingProxy(filled.Host.Address);
        await using var page = await OpenAsync(proxy.Address, width, theme);
        await filled.Desk.WaitForPageAsync(page, FilledHost.Trades);
        proxy.Cut();
        await Expect(page.Page.Locator(".notice")).ToBeVisibleAsync(
            new() { Timeout = LivePage.LimitMs });
        // That requests fail is the point here.
        await Sound.AssertFitsAsync(page, $"reconnecting-{width}-{Sound.Name(theme)}");
    }

    [Theory]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task Layout_Loading_IsTheTrueLayout(int width, ColorScheme theme)
    {
        // A socket that says nothing: the page waits for its first picture.
        await using var page = await chromium.OpenAsync(filled.Host.Address, new(
            width, Theme: theme, Script: Sound.Axe + ";WebSocket.prototype.send = () => {};"));
        await page.WaitForStateAsync("connecting");
        await Expect(page.Chart("throughput")).ToBeVisibleAsync();
        await AssertSoundAsync(page, $"loading-{width}-{Sound.Name(theme)}");
    }

    [Fact]
    public async Task Layout_Refused_SaysWhyAndWhatToDo()
    {
        await using var page = await OpenAsync(
            new Uri(filled.Host.Address, "/countries/XX"), 1440, ColorScheme.Light);
        await Expect(page.Page.Locator(".notice")).ToContainTextAsync(
            "There is no country XX.");
        await AssertSoundAsync(page, "refused-1440-light", isLive: false);
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Overview", Exact = true })
            .ClickAsync();
        await filled.Desk.WaitForPageAsync(page, FilledHost.Trades);
        await Expect(page.Page.Locator(".notice")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Layout_Help_CanBeRead()
    {
        await using var page = await OpenAsync(filled.Host.Address, 1440, ColorScheme.Dark);
        await page.Page.Keyboard.PressAsync("?");
        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await AssertSoundAsync(page, "help-1440-dark");
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
    }

    /// <summary>The checks above can fail.</summary>
    [Fact]
    public async Task Checks_PageIsBroken_SeeIt()
    {
        await using var page = await OpenAsync(filled.Host.Address, 390, ColorScheme.Dark);
        _ = await page.Page.EvaluateAsync(
            "() => { document.querySelector('h2').insertAdjacentHTML('afterend', "
            + "'<p style=color:red>an inline style</p><img src=/none.png width=800>'); }");
        await Eventually.TrueAsync(
            () => Task.FromResult(page.Problems.Any(x => x.Contains(
                        "Content Security Policy", StringComparison.Ordinal))
                && page.Problems.Any(x => x.StartsWith("404: ", StringComparison.Ordinal))),
            "the console and the answers are watched");
        Assert.NotEqual(0, await Sound.SidewaysAsync(page));
        Assert.Contains(
            await Sound.BreachesAsync(page),
            x => x.StartsWith("image-alt ", StringComparison.Ordinal));
        _ = await page.Page.EvaluateAsync(
            "() => { document.documentElement.style.setProperty('--muted', '#333'); }");
        Assert.Contains(
            await Sound.BreachesAsync(page),
            x => x.StartsWith("color-contrast ", StringComparison.Ordinal));
    }

    private async Task<LivePage> OpenAsync(Uri address, int width, ColorScheme theme)
    {
        var page = await chromium.OpenAsync(address, new(width, Theme: theme, Script: Sound.Axe));
        await page.WaitForStateAsync(
            address.AbsolutePath == "/countries/XX" ? "refused" : "live");
        await Expect(page.Page.Locator($"html[data-theme={Sound.Name(theme)}]"))
            .ToBeAttachedAsync();
        return page;
    }

    private static async Task AssertSoundAsync(LivePage page, string name, bool isLive = true)
    {
        await Sound.AssertFitsAsync(page, name);
        if (isLive)
            Assert.Empty(page.Problems);
    }
}
