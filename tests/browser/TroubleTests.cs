using System.Text.RegularExpressions;

namespace TradeProcessor.Tests.Browser;

/// <summary>While trades are refused, every view says so.</summary>
public sealed class TroubleTests(Chromium chromium)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DiskFull_PageSaysSinceWhenAndWhatToDo_AndThatItIsOver()
    {
        using var disk = new SmallDisk(mebibytes: 32);
        await using var host = await HostProcess.StartAsync(
            disk.Path, "--Storage:SegmentBytes", "4194304");
        var desk = new Desk(host.Client);
        await desk.PostManyAsync(100);
        await using var page = await chromium.OpenAsync(host.Address, new(Script: Sound.Axe));
        await desk.WaitForPageAsync(page, accepted: 100);
        await Expect(page.Page.Locator(".notice")).ToBeHiddenAsync();

        disk.FillUpTo(0);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var posting = PostAsync(host, ending.Token);
        var notice = page.Page.Locator(".notice[data-tone=bad]");
        await Expect(notice).ToContainTextAsync(
            "No space left on the disk of", new() { Timeout = LivePage.LimitMs });
        await Expect(notice).ToContainTextAsync(new Regex(@"Since \d+:\d\d:\d\d"));
        await page.Page.GetByText("See Health").ClickAsync();
        await Expect(page.Page.Locator("[data-finding='Answers']")).ToHaveAttributeAsync(
            "data-level", "bad", new() { Timeout = LivePage.LimitMs });
        await Expect(page.Page.Locator("#title-findings")).ToContainTextAsync("not well");
        // What is known of the shard from before stays in sight.
        await Expect(page.Page.Locator("[data-panel=shards] tbody tr")).ToHaveCountAsync(1);
        await Sound.AssertFitsAsync(page, "trouble-1440-dark");

        disk.MakeRoom();
        await Expect(notice).ToBeHiddenAsync(new() { Timeout = LivePage.LimitMs });
        await ending.CancelAsync();
        await posting;
        Assert.Empty(page.Problems);
    }

    // More than fits in what the log has of the disk already.
    private static async Task PostAsync(HostProcess host, CancellationToken cancellation)
    {
        var body = string.Join(
            '\n', Enumerable.Range(0, 1000).Select(i => Desk.Trade($"u{i}", "EUR/GBP", "FR")));
        while (!cancellation.IsCancellationRequested)
        {
            using var content = new StringContent(body);
            content.Headers.ContentType = new("application/x-ndjson");
            using var answer = await host.Client.PostAsync(
                new Uri("/trades", UriKind.Relative), content, CancellationToken.None);
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
