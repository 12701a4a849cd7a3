using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TradeProcessor.Tests.Browser;

/// <summary>
/// The page while 20,000 trades a second flow: it draws four times a second, its memory stays, it
/// can be used. TP_STRESS_MINUTES=60 is the long form.
/// </summary>
public sealed class StressTests(Chromium chromium, ITestOutputHelper output)
{
    private const int TradesAPost = 2000;
    private const int DrawsASecond = 4;
    private const long MostGrowthBytes = 24 << 20;

    // A second on an idle machine; tests share theirs.
    private const double MostLoadMs = 2000;

    private static readonly TimeSpan PostEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(9);

    // Counts what the browser paints and what keeps it from painting.
    private const string Watch = """
        () => {
          const it = window.stress = { frames: [], long: [], draws: 0, since: performance.now() };
          new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) it.long.push(duration);
          }).observe({ type: 'longtask' });
          let last = performance.now();
          const frame = (now) => { it.frames.push(now - last); last = now;
            if (it.frames.length > 100000) it.frames.length = 0;
            requestAnimationFrame(frame); };
          requestAnimationFrame(frame);
          const canvas = document.querySelector('[data-chart=throughput] canvas');
          const ctx = canvas.getContext('2d');
          const clear = ctx.clearRect.bind(ctx);
          ctx.clearRect = (...box) => { it.draws++; clear(...box); };
        }
        """;

    [Fact]
    public async Task Page_TwentyThousandTradesASecond_DrawsFourTimesAndKeepsItsMemory()
    {
        var minutes = Environment.GetEnvironmentVariable("TP_STRESS_MINUTES");
        var length = minutes is { Length: > 0 }
            ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture))
            : Short;
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(
            directory.Path,
            "--Storage:RetainBytes", "1073741824", "--Storage:SegmentBytes", "67108864");
        await using var page = await chromium.OpenAsync(host.Address);
        await page.WaitForStateAsync("live");
        using var ending = new CancellationTokenSource();
        var posting = PostAsync(host, ending.Token);
        await page.WaitForPointsAsync("flows");
        await Eventually.TrueAsync(
            async () => await page.Page.Locator(".pulses").CountAsync() == 1, "the map is there");

        _ = await page.Page.EvaluateAsync(Watch);
        var first = await HeapAsync(page, length / 3);
        var last = await HeapAsync(page, length * 2 / 3);
        await ending.CancelAsync();
        var posted = await posting;
        var stress = await page.Page.EvaluateAsync<JsonElement>(
            "() => ({ ...stress, seconds: (performance.now() - stress.since) / 1000,"
            + " nodes: document.querySelectorAll('*').length })");

        var seconds = stress.GetProperty("seconds").GetDouble();
        var frames = Numbers(stress, "frames");
        var tasks = Numbers(stress, "long");
        var draws = stress.GetProperty("draws").GetInt32();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{posted / seconds:0} trades/s over {seconds:0} s; "
            + $"frames p50 {At(frames, 0.5):0.0} ms, p99 {At(frames, 0.99):0.0} ms; "
            + $"{tasks.Count} long tasks, {tasks.Sum():0} ms in all, "
            + $"longest {At(tasks, 1):0} ms; {draws / seconds:0.0} drawings/s; "
            + $"heap {first >> 10} KiB, then {last >> 10} KiB; "
            + $"{stress.GetProperty("nodes").GetInt32()} elements"));

        // A pointer or a new size draws once more, now and then.
        Assert.InRange(draws, 1, (int)(seconds * DrawsASecond) + 8);
        Assert.True(last - first < MostGrowthBytes, $"the heap grew from {first} to {last} bytes");
        Assert.InRange(stress.GetProperty("nodes").GetInt32(), 100, 6000);
        Assert.True(tasks.Sum() < seconds * 500, "the page is blocked half of the time");
        await Eventually.EqualAsync(
            async () => (await new Desk(host.Client).SummaryAsync()).Accepted,
            () => page.MetricAsync("accepted"));
        Assert.Empty(page.Problems);
    }

    /// <summary>The initial page is small and soon there.</summary>
    [Fact]
    public async Task Page_Opened_IsInteractiveSoon()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        await new Desk(host.Client).PostManyAsync(500);
        const string Script = """
            new MutationObserver((_, watch) => {
              if (!document.body?.hasAttribute('data-loaded')) return;
              window.loadedAt = performance.now();
              watch.disconnect();
            }).observe(document, { attributes: true, childList: true, subtree: true });
            """;
        var times = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            await using var page = await chromium.OpenAsync(host.Address, new(Script: Script));
            _ = await page.Page.WaitForFunctionAsync("() => window.loadedAt > 0");
            times.Add(await page.Page.EvaluateAsync<double>("() => loadedAt"));
            await Expect(page.Page.Locator(".pulses")).ToBeAttachedAsync();
            var bytes = await page.Page.EvaluateAsync<double>(
                "() => performance.getEntriesByType('resource')"
                + ".reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)");
            Assert.InRange(bytes, 50_000, 300_000);
        }
        output.WriteLine($"loaded after {string.Join(", ", times.Select(time => $"{time:0} ms"))}");
        // The best of them, as others work on the same processors.
        Assert.InRange(times.Min(), 1, MostLoadMs);
    }

    private static async Task<long> PostAsync(HostProcess host, CancellationToken cancellation)
    {
        var pairs = (string[])["EUR/GBP", "USD/JPY", "GBP/USD", "CHF/EUR", "AUD/NZD", "USD/MXN"];
        var countries = (string[])["FR", "GB", "US", "JP", "DE", "BR", "IN", "NZ", "ZA", "SG"];
        var body = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, TradesAPost).Select(
            i => Desk.Trade($"u{i}", pairs[i % pairs.Length], countries[i % countries.Length],
                0.7m + i % 97 / 1000m))));
        using var timer = new PeriodicTimer(PostEvery);
        var posted = 0L;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new("application/x-ndjson");
                using var answer = await host.Client.PostAsync(
                    new Uri("/trades", UriKind.Relative), content, CancellationToken.None);
                posted += TradesAPost;
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
        return posted;
    }

    /// <summary>What the page holds after that time, without garbage.</summary>
    private static async Task<long> HeapAsync(LivePage page, TimeSpan after)
    {
        await Task.Delay(after, TestContext.Current.CancellationToken); // the load's own length
        var session = await page.Page.Context.NewCDPSessionAsync(page.Page);
        _ = await session.SendAsync("HeapProfiler.collectGarbage");
        var usage = await session.SendAsync("Runtime.getHeapUsage");
        await session.DetachAsync();
        return (long)usage!.Value.GetProperty("usedSize").GetDouble();
    }

    private static List<double> Numbers(JsonElement from, string name) =>
        [.. from.GetProperty(name).EnumerateArray().Select(value => value.GetDouble()).Order()];

    private static double At(List<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[(int)(share * (sorted.Count - 1))];
}
