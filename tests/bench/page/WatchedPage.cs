using System.Text.Json;
using Microsoft.Playwright;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Page;

/// <summary>What the page's counter of accepted trades showed from one instant on.</summary>
/// <param name="AtMs">Milliseconds since 1970.</param>
internal readonly record struct Seen(double AtMs, long Accepted);

/// <summary>What a page holds once what nobody needs was collected.</summary>
internal sealed record Held(double HeapBytes, double Elements, double Listeners);

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

    private const string Frames =
        """
        async ms => {
          const frames = [], tasks = [];
          const watch = new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) tasks.push(duration);
          });
          watch.observe({ type: 'longtask' });
          const since = performance.now();
          for (let last = since; last - since < ms;) {
            const now = await new Promise(requestAnimationFrame);
            frames.push(now - last);
            last = now;
          }
          watch.disconnect();
          return { frames, tasks };
        }
        """;

    // Says it on the console: a script that asked again and again would be work of the page's.
    private const string Loaded =
        """
        const times = [];
        new MutationObserver((_, watch) => {
          if (!document.body?.hasAttribute('data-loaded')) return;
          times[0] ??= performance.now();
          if (!document.querySelector('.pulses')) return; // what lies over the map
          watch.disconnect();
          console.info(JSON.stringify([times[0], performance.now()]));
        }).observe(document,
          { attributeFilter: ['data-loaded'], childList: true, subtree: true });
        """;

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WindowRest = TimeSpan.FromSeconds(1.5);

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

    /// <summary>
    /// How long each frame took, and each task that kept the page from anything else for more than
    /// 50 ms; in ms.
    /// </summary>
    public async Task<(IReadOnlyList<double> Frames, IReadOnlyList<double> Tasks)> FramesAsync(
        TimeSpan time)
    {
        var seen = await _page.EvaluateAsync<JsonElement>(Frames, time.TotalMilliseconds);
        return (Numbers("frames"), Numbers("tasks"));

        IReadOnlyList<double> Numbers(string name) =>
            [.. seen.GetProperty(name).EnumerateArray().Select(each => each.GetDouble())];
    }

    public async Task<Held> HeldAsync()
    {
        var session = await _page.Context.NewCDPSessionAsync(_page);
        _ = await session.SendAsync("HeapProfiler.collectGarbage");
        var heap = await session.SendAsync("Runtime.getHeapUsage");
        var counters = await session.SendAsync("Memory.getDOMCounters");
        await session.DetachAsync();
        return new Held(
            heap!.Value.GetProperty("usedSize").GetDouble(),
            counters!.Value.GetProperty("nodes").GetDouble(),
            counters!.Value.GetProperty("jsEventListeners").GetDouble());
    }

    /// <summary>
    /// Goes to the page in one more window, as a new visitor without anything in the cache, and
    /// closes it: ms until it showed the first state and could be used, and until the map was
    /// there, too.
    /// </summary>
    public async Task<(double Usable, double WithMap)> VisitAsync()
    {
        await using var visitor = await _browser.NewContextAsync();
        await visitor.AddInitScriptAsync(Loaded);
        var page = await visitor.NewPageAsync();
        // What the browser does for a new window is no part of the page.
        await Task.Delay(WindowRest, Interruption.Token);
        var told = page.WaitForConsoleMessageAsync(new() { Predicate = message => message.Type == "info" });
        _ = await page.GotoAsync(_page.Url, new() { WaitUntil = WaitUntilState.Commit });
        using var times = JsonDocument.Parse((await told).Text);
        return (times.RootElement[0].GetDouble(), times.RootElement[1].GetDouble());
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        _directory.Dispose();
    }
}
