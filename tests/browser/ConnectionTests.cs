using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace TradeProcessor.Tests.Browser;

/// <summary>The page says when it is cut off, comes back by itself, and is right again.</summary>
public sealed class ConnectionTests(Chromium chromium)
{
    // From the second try on, so that it is seen to count.
    private static readonly Regex LaterTry = new("try [2-9]");

    [Fact]
    public async Task Page_HostKilled_ReconnectsAndAgreesWithTheApi()
    {
        using var directory = new TemporaryDirectory();
        await using var first = await HostProcess.StartAsync(directory.Path);
        await using var page = await chromium.OpenAsync(first.Address);
        var before = new Desk(first.Client);
        await before.PostManyAsync(120);
        await before.WaitForPageAsync(page, accepted: 120);

        first.Kill();
        _ = await first.WaitForExitAsync(TimeSpan.FromSeconds(10));
        await AssertReconnectingAsync(page);

        await using var second = await HostProcess.StartAsync(
            directory.Path, "--urls", first.Address.OriginalString);
        var after = new Desk(second.Client);
        await after.PostAsync(Desk.Trade("after-the-kill", "EUR/GBP", "FR"));
        await page.WaitForStateAsync("live");
        await after.WaitForPageAsync(page, accepted: 121);
        await Expect(page.NewestTrades.First).ToContainTextAsync("after-the-kill");
    }

    [Fact]
    public async Task Page_PausedAndHostKilled_StandsStillUntilResumed()
    {
        using var directory = new TemporaryDirectory();
        await using var first = await HostProcess.StartAsync(directory.Path);
        await using var page = await chromium.OpenAsync(first.Address);
        var before = new Desk(first.Client);
        await before.PostManyAsync(60);
        await before.WaitForPageAsync(page, accepted: 60);
        await page.Page.Keyboard.PressAsync(" ");
        var status = page.Page.GetByRole(AriaRole.Status);
        await Expect(status).ToHaveTextAsync("Paused");

        first.Kill();
        _ = await first.WaitForExitAsync(TimeSpan.FromSeconds(10));
        await page.WaitForStateAsync("reconnecting");
        await using var second = await HostProcess.StartAsync(
            directory.Path, "--urls", first.Address.OriginalString);
        await new Desk(second.Client).PostManyAsync(40);
        await page.WaitForStateAsync("live");

        // Those who pause look at what was before the trouble.
        await Expect(status).ToHaveTextAsync("Paused");
        Assert.Equal(60, await page.MetricAsync("accepted"));
        await page.Page.Keyboard.PressAsync(" ");
        await new Desk(second.Client).WaitForPageAsync(page, accepted: 100);
    }

    [Fact]
    public async Task Page_ConnectionCut_ReconnectsAndShowsWhatWasPostedMeanwhile()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        await using var proxy = new CuttingProxy(host.Address);
        await using var page = await chromium.OpenAsync(proxy.Address);
        var desk = new Desk(host.Client);
        await desk.PostManyAsync(120);
        await desk.WaitForPageAsync(page, accepted: 120);

        proxy.Cut();
        await AssertReconnectingAsync(page);
        await desk.PostManyAsync(80, invalid: 2);
        await desk.PostAsync(Desk.Trade("meanwhile", "EUR/GBP", "FR"));

        proxy.Mend();
        await page.WaitForStateAsync("live");
        await Expect(page.ConnectionDetail).ToBeHiddenAsync();
        await desk.WaitForPageAsync(page, accepted: 201);
        await Expect(page.NewestTrades.First).ToContainTextAsync("meanwhile");
    }

    [Fact]
    public async Task Page_NoUpdates_SaysStale()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        var desk = new Desk(host.Client);
        await using var page = await chromium.OpenAsync(host.Address);
        await page.WaitForStateAsync("live");

        host.Freeze();
        await Expect(page.Body).ToHaveAttributeAsync(
            "data-state", "stale", new() { Timeout = 10_000 });
        await Expect(page.ConnectionDetail).ToHaveTextAsync(new Regex(@"^last update \d+ s ago$"));
        await Expect(page.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Not updating");
        await Expect(page.Page.Locator(".notice")).ToContainTextAsync(
            "The server has sent nothing since");

        host.Thaw();
        await page.WaitForStateAsync("live");
        await desk.PostAsync(Desk.Trade("thawed", "EUR/GBP", "FR"));
        await desk.WaitForPageAsync(page, accepted: 1);
    }

    [Fact]
    public async Task Page_NetworkSwallowsEverything_KeepsTrying()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        await using var proxy = new CuttingProxy(host.Address);
        await using var page = await chromium.OpenAsync(proxy.Address);
        await page.WaitForStateAsync("live");

        proxy.Stall();
        proxy.Cut();
        proxy.Mend(); // Connections are taken, and nothing ever comes back on them.
        await AssertReconnectingAsync(page);

        proxy.Flow();
        await page.WaitForStateAsync("live");
    }

    private static async Task AssertReconnectingAsync(LivePage page)
    {
        await page.WaitForStateAsync("reconnecting");
        await Expect(page.ConnectionDetail).ToContainTextAsync(
            LaterTry, new() { Timeout = LivePage.LimitMs });
        await Expect(page.ConnectionDetail).ToContainTextAsync("s ago");
    }
}
