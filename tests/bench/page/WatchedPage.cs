using System.Text.Json;
using Microsoft.Playwright;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Page;

/// <summary>What the page's counter of accepted trades showed from one instant on.</summary>
/// <param name="AtMs">Milliseconds since 1970.</param>
internal readonly record struct Seen(double AtMs, long Accepted);

/// <summary>
/// The dashboard in a real Chromium on the generator's processor. After each frame that it paints,
/// its own counter, which it changes at the beginning of frames alone, is read; each change is kept
/// with the time.
/// </summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";
    private const string Counter = "[data-metric=accepted]";

    private const string Watch =
        """
        () => {
          const counter = document.querySelector('[data-metric=accepted]');
          window.seen = [];
          let last = -1;
          // A message that is sent within a frame comes once the frame is painted.
          const painted = new MessageChannel();
          const ask = () => requestAnimationFrame(() => painted.port1.postMessage(null));
          painted.port2.onmessage = () => {
            const now = Number(counter.dataset.value);
            if (now !== last) window.seen.push([performance.timeOrigin + performance.now(), last = now]);
            ask();
          };
          ask();
        }
        """;

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory;
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly IPage _page;

    private WatchedPage(
        TemporaryDirectory directory, IPlaywright playwright, IBrowser browser, IPage page)
    {
        (_directory, _playwright, _browser, _page) = (directory, playwright, browser, page);
    }

    /// <exception cref="UnavailableException">Chromium cannot be had.</exception>
    public static async Task<WatchedPage> OpenAsync(string path, Uri address)
    {
        _ = DebianPackage.Require("chromium", "chromium");
        var directory = new TemporaryDirectory(path, "chromium");
        var command = directory.Write(
            "chromium.sh", $"#!/bin/sh\nexec taskset -c {Cores.Generator} {Chromium} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = command, Args = Arguments });
        var page = await browser.NewPageAsync();
        _ = await page.GotoAsync(address.ToString());
        await page.Locator("body[data-state=live]").WaitForAsync();
        await page.Locator($"{Counter}[data-value]").WaitForAsync();
        _ = await page.EvaluateAsync(Watch);
        return new WatchedPage(directory, playwright, browser, page);
    }

    /// <summary>Forgets what it has shown until now.</summary>
    public Task ForgetAsync() => _page.EvaluateAsync("() => { window.seen.length = 0; }");

    /// <summary>Waits until the page shows so many, and returns all it has shown since.</summary>
    public async Task<IReadOnlyList<Seen>> TakeAsync(long accepted)
    {
        _ = await _page.WaitForFunctionAsync(
            "wanted => window.seen.length > 0 && window.seen.at(-1)[1] >= wanted",
            accepted,
            new() { Timeout = (float)Limit.TotalMilliseconds, PollingInterval = 100 });
        var seen = await _page.EvaluateAsync<JsonElement>("() => window.seen.splice(0)");
        return [.. seen.EnumerateArray().Select(
            pair => new Seen(pair[0].GetDouble(), (long)pair[1].GetDouble()))];
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        _directory.Dispose();
    }
}
