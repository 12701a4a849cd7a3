using Microsoft.Playwright;

namespace TradeProcessor.Tests.Browser;

/// <summary>The command <c>reset</c>: an open page notices and begins anew.</summary>
public sealed class ResetTests(Chromium chromium)
{
    [Fact]
    public async Task Files_Emptied_PageBeginsAnew()
    {
        using var directory = new TemporaryDirectory();
        await using var first = await HostProcess.StartAsync(directory.Path);
        var desk = new Desk(first.Client);
        await desk.PostManyAsync(90, invalid: 2);
        await using var page = await chromium.OpenAsync(first.Address);
        await desk.WaitForPageAsync(page, accepted: 90);
        var samples = page.Chart("rejects").Locator(".samples");
        await samples.Locator("summary").First.ClickAsync(); // What is read stands still.

        var (refused, why) = await RunAsync("--Storage:Path", directory.Path, "--yes");
        Assert.Equal(2, refused);
        Assert.Contains("in use", why, StringComparison.Ordinal);

        first.Terminate();
        _ = await first.WaitForExitAsync(TimeSpan.FromSeconds(30));
        var (astray, reason) = await RunAsync("--yes", directory.Path);
        Assert.Equal(2, astray);
        Assert.Contains("not understood", reason, StringComparison.Ordinal);
        var (unasked, advice) = await RunAsync("--Storage:Path", directory.Path);
        Assert.Equal(2, unasked);
        Assert.Contains("--yes", advice, StringComparison.Ordinal);
        var (done, said) = await RunAsync("--Storage:Path", directory.Path, "--yes");
        Assert.True(done == 0, said);

        await using var second = await HostProcess.StartAsync(
            directory.Path, "--urls", first.Address.OriginalString);
        await page.WaitForStateAsync("live");
        await new Desk(second.Client).WaitForPageAsync(page, accepted: 0);
        await Expect(page.Page.Locator(".first-trade")).ToBeVisibleAsync();
        Assert.Equal(0, await page.TotalAsync("pairs"));
        await Expect(page.NewestTrades).ToHaveCountAsync(0);
        await Expect(samples).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Redis_EmptiedUnderRunningPrograms_PageBeginsAnewAndCountsOn()
    {
        await using var redis = await RedisProcess.StartAsync();
        // Others work on the same disk: how soon Redis answers is not the subject.
        await using var host =
            await HostProcess.StartAsync(redis, "--Intake:StallLimit", "00:00:30");
        var desk = new Desk(host.Client);
        await desk.PostManyAsync(90);
        await using var page = await chromium.OpenAsync(host.Address);
        await desk.WaitForPageAsync(page, accepted: 90);

        var (done, said) = await RunAsync("--Redis:Configuration", redis.Address, "--yes");
        Assert.True(done == 0, said);
        await desk.WaitForPageAsync(page, accepted: 0);
        await Expect(page.Page.Locator(".first-trade")).ToBeVisibleAsync();
        var notice = page.Page.Locator(".notice");
        await Expect(notice).ToContainTextAsync("The store was emptied");
        await notice.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await Expect(notice).ToBeHiddenAsync();

        await desk.PostManyAsync(40);
        await desk.WaitForPageAsync(page, accepted: 40);
        await Eventually.EqualAsync(40, () => page.TotalAsync("pairs"));
        await page.WaitForStateAsync("live");
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var command = new ChildProcess(
            "sh",
            [
                // Nobody is there to be asked, wherever the tests run.
                "-c", "exec dotnet \"$@\" < /dev/null", "sh",
                Path.Combine(AppContext.BaseDirectory, "TradeProcessor.Host.dll"),
                "reset", .. arguments,
            ]);
        return (await command.WaitForExitAsync(TimeSpan.FromSeconds(60)), command.Output);
    }
}
