using Microsoft.Playwright;

namespace TradeProcessor.Tests.Browser;

/// <summary>
/// What a reader does all day: pause, export, keys, themes, a layout of one's own.
/// </summary>
public sealed class WorkingTests(Chromium chromium)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pause_TradesGoOn_PictureStandsUntilResumed()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        var desk = new Desk(host.Client);
        await desk.PostManyAsync(100);
        await using var page = await chromium.OpenAsync(host.Address);
        await desk.WaitForPageAsync(page, accepted: 100);

        await page.Page.Keyboard.PressAsync(" ");
        await Expect(page.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Paused");
        await desk.PostManyAsync(60);
        await Eventually.EqualAsync<decimal>(
            160, async () => (await desk.SummaryAsync()).Accepted);
        await page.Page.WaitForFunctionAsync(
            "() => new Promise(done => setTimeout(() => done(true), 600))"); // two ticks
        Assert.Equal(100, await page.MetricAsync("accepted"));

        // Another range, or another view, is shown as it is now, and stands still as well.
        await page.Page.Keyboard.PressAsync("2");
        await Eventually.EqualAsync(160, () => page.MetricAsync("accepted"));
        await Expect(page.Chart("throughput")).ToContainTextAsync("Last 24 hours");
        await Expect(page.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Paused");
        await desk.PostManyAsync(40);
        await Eventually.EqualAsync<decimal>(
            200, async () => (await desk.SummaryAsync()).Accepted);
        await page.Page.WaitForFunctionAsync(
            "() => new Promise(done => setTimeout(() => done(true), 600))");
        Assert.Equal(160, await page.MetricAsync("accepted"));

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await desk.WaitForPageAsync(page, accepted: 200);
    }

    [Fact]
    public async Task Export_CsvAndPng_HoldTheDataOfWhatIsShown()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        var desk = new Desk(host.Client);
        await desk.PostManyAsync(100, invalid: 2);
        await using var page = await chromium.OpenAsync(host.Address);
        await desk.WaitForPageAsync(page, accepted: 100);
        foreach (var chart in LivePage.Charts)
            await page.WaitForPointsAsync(chart);

        var csv = await SaveAsync(page, "pairs", "Save as CSV");
        var lines = await File.ReadAllLinesAsync(await csv.PathAsync(), Cancellation);
        Assert.Matches(
            @"^tradeprocessor-pairs-15m-\d{8}T\d{6}Z\.csv$", csv.SuggestedFilename);
        Assert.StartsWith("Pair,Trades,", lines[0], StringComparison.Ordinal);
        Assert.Equal(await page.PointsAsync("pairs"), lines.Length - 1);
        Assert.All(lines[1..], line => Assert.Matches(
            @"^([A-Z]{3})/([A-Z]{3}),\d+,[\d.]+,-?[\d.]+,\d+,\1,[\d.]+,\2$", line));
        string[] charts = ["throughput", "map", "flows", "rejects"];
        var sizes = new Dictionary<string, long>();
        foreach (var chart in charts)
        {
            var download = await SaveAsync(page, chart, "Save as PNG");
            Assert.StartsWith(
                $"tradeprocessor-{chart}-15m-",
                download.SuggestedFilename,
                StringComparison.Ordinal);
            var png = await File.ReadAllBytesAsync(await download.PathAsync(), Cancellation);
            Assert.Equal<byte>([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
            Assert.True(png.Length > 4000, $"{chart}: {png.Length} bytes");
            sizes[chart] = png.Length;
            var rows = await SaveAsync(page, chart, "Save as CSV");
            Assert.True(
                (await File.ReadAllLinesAsync(await rows.PathAsync(), Cancellation)).Length > 1);
        }

        // A page that came with the tables has never drawn the charts.
        foreach (var chart in charts)
            await Expect((await page.TableAsync(chart)).First).ToBeVisibleAsync();
        _ = await page.Page.ReloadAsync();
        await Expect(page.Page.Locator(".pulses")).ToBeAttachedAsync();
        foreach (var chart in charts)
        {
            var png = await SaveAsync(page, chart, "Save as PNG");
            var size = new FileInfo(await png.PathAsync()).Length;
            Assert.True(size > 0.8 * sizes[chart], $"{chart}: {size} of {sizes[chart]} bytes");
            await Expect(page.Chart(chart).Locator("table")).ToBeVisibleAsync();
        }
        Assert.Empty(page.Problems);
    }

    [Fact]
    public async Task KeysAndLayout_AreRemembered()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        var desk = new Desk(host.Client);
        await desk.PostManyAsync(30);
        await using var page = await chromium.OpenAsync(host.Address);
        await desk.WaitForPageAsync(page, accepted: 30);
        var keys = page.Page.Keyboard;

        await keys.PressAsync("h");
        await Eventually.EqualAsync("/health", page.AddressAsync);
        await keys.PressAsync("o");
        await Eventually.EqualAsync("/", page.AddressAsync);
        await keys.PressAsync("2");
        await Eventually.EqualAsync("/?range=24h", page.AddressAsync);
        await keys.PressAsync("/");
        await Expect(page.Page.GetByLabel("Pair", new() { Exact = true })).ToBeFocusedAsync();
        await keys.TypeAsync("h2o"); // is text in a field
        Assert.Equal("/?range=24h", await page.AddressAsync());
        await page.Page.GetByLabel("Pair", new() { Exact = true }).FillAsync("");
        await page.Page.Locator("h1").ClickAsync();
        await keys.PressAsync("t");
        await Expect(page.Page.Locator("html[data-theme=dark]")).ToBeAttachedAsync();
        await keys.PressAsync("t");
        await Expect(page.Page.Locator("html[data-theme=light]")).ToBeAttachedAsync();

        await Expect((await page.TableAsync("flows")).First).ToBeVisibleAsync();
        await MenuAsync(page, "throughput", "Wider or narrower");
        var wide = page.Chart("throughput").And(page.Page.Locator(".wide"));
        await Expect(wide).ToBeVisibleAsync();
        var kept = await page.Page.EvaluateAsync<string>(
            "() => localStorage.getItem('tradeprocessor.layout')");
        Assert.Equal("""{"flows":{"table":true},"throughput":{"wide":true}}""", kept);
        _ = await page.Page.ReloadAsync();
        await page.WaitForStateAsync("live");
        await Expect(page.Page.Locator("html[data-theme=light]")).ToBeAttachedAsync();
        await Expect(page.Chart("flows").Locator("table")).ToBeVisibleAsync(
            new() { Timeout = LivePage.LimitMs });
        await Expect(wide).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Keys_AfterAClick_WorkAsBefore()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        var desk = new Desk(host.Client);
        await desk.PostManyAsync(30);
        await using var page = await chromium.OpenAsync(host.Address);
        await desk.WaitForPageAsync(page, accepted: 30);
        var (keys, status) = (page.Page.Keyboard, page.Page.GetByRole(AriaRole.Status));

        await page.Page.Locator(".range input[value='24h']").ClickAsync();
        await Eventually.EqualAsync("/?range=24h", page.AddressAsync);
        await keys.PressAsync("1");
        await Eventually.EqualAsync("/", page.AddressAsync);

        var table = page.Chart("flows").Locator(".toggle");
        await table.ClickAsync();
        await keys.PressAsync(" ");
        await Expect(status).ToHaveTextAsync("Paused");
        await Expect(table).ToHaveAttributeAsync("aria-pressed", "true");
        await keys.PressAsync(" ");
        await Expect(status).ToHaveTextAsync("Live");

        // Who comes to the button by keys presses it with the space bar.
        await keys.PressAsync("Shift+Tab");
        await keys.PressAsync("Tab");
        await keys.PressAsync(" ");
        await Expect(table).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(status).ToHaveTextAsync("Live");
    }

    [Fact]
    public async Task Pair_TypedOnItsView_LeadsToTheOther()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        var desk = new Desk(host.Client);
        await desk.PostManyAsync(60);
        await using var page = await chromium.OpenAsync(
            new Uri(host.Address, "/pairs/EUR-GBP?vs=USD-JPY&country=France"));
        var field = page.Page.GetByLabel("Pair", new() { Exact = true });
        await Expect(field).ToHaveValueAsync("EUR/GBP");
        await Eventually.EqualAsync("/pairs/EUR-GBP?country=FR&vs=USD-JPY", page.AddressAsync);

        await field.FillAsync("usdjpy");
        await field.PressAsync("Enter");
        await Eventually.EqualAsync("/pairs/USD-JPY?country=FR", page.AddressAsync);
        await Expect(page.Page.Locator(".subject h2")).ToHaveTextAsync("USD/JPY");
        await field.FillAsync("");
        await field.PressAsync("Enter");
        await Eventually.EqualAsync("/?country=FR", page.AddressAsync);
    }

    [Fact]
    public async Task Tab_Asleep_GetsNothingAndCatchesUp()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        var desk = new Desk(host.Client);
        await desk.PostManyAsync(50);
        // The time without a look takes a tenth of a second, and looking away is a word.
        const string Script = """
            const later = window.setTimeout;
            window.setTimeout = (act, ms, ...rest) => later(act, ms === 45000 ? 100 : ms, ...rest);
            let asleep = false;
            Object.defineProperty(Document.prototype, 'hidden', { get: () => asleep });
            window.sleep = (value) => {
              asleep = value;
              document.dispatchEvent(new Event('visibilitychange'));
            };
            """;
        await using var page = await chromium.OpenAsync(host.Address, new(Script: Script));
        await desk.WaitForPageAsync(page, accepted: 50);
        var watches = page.Watches;

        await page.Page.EvaluateAsync("() => sleep(true)");
        await Eventually.TrueAsync(() => Task.FromResult(page.Rests == 1), "it rests");
        var before = page.Received;
        await desk.PostManyAsync(70);
        await Eventually.EqualAsync<decimal>(
            120, async () => (await desk.SummaryAsync()).Accepted);
        Assert.True(page.Received - before < 20_000, "nothing is sent to a tab asleep");

        await page.Page.EvaluateAsync("() => sleep(false)");
        await desk.WaitForPageAsync(page, accepted: 120);
        Assert.Equal(watches + 1, page.Watches);
        Assert.Empty(page.Problems);
    }

    private static Task<IDownload> SaveAsync(LivePage page, string chart, string item) =>
        page.Page.RunAndWaitForDownloadAsync(() => MenuAsync(page, chart, item));

    private static async Task MenuAsync(LivePage page, string chart, string item)
    {
        await page.Chart(chart).Locator(".menu summary").ClickAsync();
        await page.Chart(chart).GetByRole(AriaRole.Button, new() { Name = item }).ClickAsync();
    }
}
