using Microsoft.Playwright;

namespace TradeProcessor.Tests.Browser;

/// <summary>A host with trades of all kinds, for tests that only look.</summary>
public sealed class FilledHost : IAsyncLifetime
{
    public const int Trades = 400;

    private readonly TemporaryDirectory _directory = new();
    private HostProcess? _host;

    internal HostProcess Host => _host!;

    public async ValueTask InitializeAsync()
    {
        _host = await HostProcess.StartAsync(_directory.Path);
        await new Desk(_host.Client).PostManyAsync(Trades, invalid: 5);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _directory.Dispose();
    }
}

/// <summary>Nothing sticks out, breaks a rule or is hard to read, at any width and theme.</summary>
public sealed class LayoutTests(Chromium chromium, FilledHost filled) : IClassFixture<FilledHost>
{
    private static readonly string Screenshots =
        Path.Combine(Repository.Root, "artifacts", "screenshots");

    private static readonly string Axe = File.ReadAllText(Path.Combine(
        Repository.Root, "frontend", "web", "node_modules", "axe-core", "axe.min.js"));

    public static TheoryData<int, ColorScheme> Looks => new MatrixTheoryData<int, ColorScheme>(
        [1440, 1024, 390], [ColorScheme.Dark, ColorScheme.Light]);

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Layout_WithTrades_FitsAndCanBeRead(int width, ColorScheme theme)
    {
        await using var page = await OpenAsync(filled.Host.Address, width, theme);
        await new Desk(filled.Host.Client).WaitForPageAsync(page, FilledHost.Trades);
        foreach (var chart in LivePage.Charts)
            await page.WaitForPointsAsync(chart);
        await AssertSoundAsync(page, $"trades-{width}-{Name(theme)}");
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Layout_AsTables_FitsAndCanBeRead(int width, ColorScheme theme)
    {
        await using var page = await OpenAsync(filled.Host.Address, width, theme);
        await new Desk(filled.Host.Client).WaitForPageAsync(page, FilledHost.Trades);
        foreach (var chart in LivePage.Charts)
            await Expect((await page.TableAsync(chart)).First).ToBeVisibleAsync();
        await AssertSoundAsync(page, $"tables-{width}-{Name(theme)}");
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
        await AssertSoundAsync(page, $"empty-{width}-{Name(theme)}");
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Layout_Reconnecting_FitsAndCanBeRead(int width, ColorScheme theme)
    {
        await using var proxy = new CuttingProxy(filled.Host.Address);
        await using var page = await OpenAsync(proxy.Address, width, theme);
        await new Desk(filled.Host.Client).WaitForPageAsync(page, FilledHost.Trades);
        proxy.Cut();
        await Expect(page.Page.Locator(".notice")).ToBeVisibleAsync(
            new() { Timeout = LivePage.LimitMs });
        // That requests fail is the point here.
        await AssertFitsAsync(page, $"reconnecting-{width}-{Name(theme)}");
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
        Assert.NotEqual(0, await SidewaysAsync(page));
        Assert.Contains(
            await BreachesAsync(page), x => x.StartsWith("image-alt ", StringComparison.Ordinal));
        _ = await page.Page.EvaluateAsync(
            "() => { document.documentElement.style.setProperty('--muted', '#333'); }");
        Assert.Contains(
            await BreachesAsync(page),
            x => x.StartsWith("color-contrast ", StringComparison.Ordinal));
    }

    private async Task<LivePage> OpenAsync(Uri address, int width, ColorScheme theme)
    {
        var page = await chromium.OpenAsync(address, new(width, Theme: theme, Script: Axe));
        await page.WaitForStateAsync("live");
        await Expect(page.Page.Locator($"html[data-theme={Name(theme)}]")).ToBeAttachedAsync();
        return page;
    }

    private static async Task AssertSoundAsync(LivePage page, string name)
    {
        await AssertFitsAsync(page, name);
        Assert.Empty(page.Problems);
    }

    private static async Task AssertFitsAsync(LivePage page, string name)
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
    private static Task<int> SidewaysAsync(LivePage page) => page.Page.EvaluateAsync<int>(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>What axe finds wrong, contrast below 4.5:1 among it.</summary>
    private static Task<string[]> BreachesAsync(LivePage page) =>
        page.Page.EvaluateAsync<string[]>(
            "async () => (await axe.run()).violations.flatMap(({ id, nodes }) => "
            + "nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`))");

    private static async Task ShootAsync(LivePage page, string name)
    {
        _ = await page.Page.EvaluateAsync("() => scrollTo(0, 0)"); // the bar sticks to the top
        _ = await page.Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(Screenshots, $"{name}.png"),
            FullPage = true,
        });
    }

    private static string Name(ColorScheme theme) => theme == ColorScheme.Dark ? "dark" : "light";
}
