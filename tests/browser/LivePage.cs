using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace TradeProcessor.Tests.Browser;

/// <param name="Script">Runs in the page before its own scripts.</param>
/// <param name="Touch">With a finger in place of a mouse.</param>
internal sealed record PageLook(
    int Width = 1440,
    int Height = 900,
    ColorScheme Theme = ColorScheme.Dark,
    float Scale = 1,
    string? Script = null,
    bool Touch = false);

/// <summary>The dashboard in a browser, and all that it complained about.</summary>
internal sealed class LivePage : IAsyncDisposable
{
    public const float LimitMs = 30_000;

    /// <summary>Of all charts.</summary>
    public static readonly string[] Charts =
        ["throughput", "rejects", "map", "flows", "pairs", "countries"];

    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentQueue<string> _sent = new();

    private long _received;

    private LivePage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _problems.Enqueue($"console {message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => _problems.Enqueue($"exception: {error}");
        page.RequestFailed += (_, request) =>
            _problems.Enqueue($"failed: {request.Url} {request.Failure}");
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                _problems.Enqueue($"{response.Status}: {response.Url}");
        };
        page.WebSocket += (_, socket) =>
        {
            socket.FrameSent += (_, frame) => _sent.Enqueue(frame.Text ?? "");
            socket.FrameReceived += (_, frame) =>
                Interlocked.Add(ref _received, frame.Text?.Length ?? 0);
        };
    }

    public IPage Page { get; }

    /// <summary>
    /// Errors of the console (breaches of the CSP too), exceptions, failed requests.
    /// </summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>How often it has asked the hub for the present state.</summary>
    public int Watches => _sent.Count(frame =>
        frame.Contains("\"target\":\"Watch\"", StringComparison.Ordinal));

    /// <summary>How often it has said that nobody looks.</summary>
    public int Rests => _sent.Count(frame =>
        frame.Contains("\"target\":\"Rest\"", StringComparison.Ordinal));

    /// <summary>Characters that came over its sockets.</summary>
    public long Received => Interlocked.Read(ref _received);

    public ILocator Body => Page.Locator("body");

    /// <summary>"try 3 · 5 s ago".</summary>
    public ILocator ConnectionDetail => Page.Locator(".link-detail");

    public ILocator NewestTrades => Page.Locator("[data-panel=trades] tbody tr");

    public static async Task<LivePage> OpenAsync(IBrowser browser, Uri address, PageLook look)
    {
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = look.Width, Height = look.Height },
            ColorScheme = look.Theme,
            DeviceScaleFactor = look.Scale,
            HasTouch = look.Touch,
            IsMobile = look.Touch,
        });
        if (look.Script is not null)
            await context.AddInitScriptAsync(look.Script);
        var page = new LivePage(await context.NewPageAsync());
        _ = await page.Page.GotoAsync(address.ToString());
        return page;
    }

    public Task WaitForStateAsync(string state) =>
        Expect(Body).ToHaveAttributeAsync("data-state", state, new() { Timeout = LimitMs });

    public ILocator Chart(string name) => Page.Locator($"[data-chart={name}]");

    /// <summary>
    /// Its rows, after its button "Table" is pressed; rankings are tables always.
    /// </summary>
    public async Task<ILocator> TableAsync(string chart)
    {
        var button = Chart(chart).Locator(".toggle");
        if (await button.CountAsync() > 0)
        {
            await button.ClickAsync();
            await Expect(button).ToHaveAttributeAsync("aria-pressed", "true");
        }
        return Chart(chart).Locator("tbody tr");
    }

    /// <summary>What stands behind the host in its address.</summary>
    public Task<string> AddressAsync() =>
        Page.EvaluateAsync<string>("() => location.pathname + location.search");

    /// <summary>The exact number of one of the large figures.</summary>
    public async Task<decimal> MetricAsync(string name) =>
        Number(await Page.Locator($"[data-metric={name}]").GetAttributeAsync("data-value"));

    public async Task<decimal> PointsAsync(string chart) =>
        Number(await Chart(chart).GetAttributeAsync("data-points"));

    public async Task<decimal> TotalAsync(string chart) =>
        Number(await Chart(chart).GetAttributeAsync("data-total"));

    public Task WaitForPointsAsync(string chart) =>
        Expect(Chart(chart)).ToHaveAttributeAsync(
            "data-points", new Regex("^[1-9]"), new() { Timeout = LimitMs });

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    private static decimal Number(string? text) =>
        decimal.Parse(text ?? "-1", NumberStyles.Float, CultureInfo.InvariantCulture);
}
