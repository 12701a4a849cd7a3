using Microsoft.Playwright;
using TradeProcessor.Tests.Browser;

[assembly: AssemblyFixture(typeof(Chromium))]
[assembly: CollectionBehavior(DisableTestParallelization = true)] // each has a host and a page

namespace TradeProcessor.Tests.Browser;

/// <summary>One Chromium for all tests; CHROMIUM names another than Debian's.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } path
                ? path
                : "/usr/bin/chromium",
            Args = Arguments,
        });
    }

    /// <summary>A page in a profile of its own.</summary>
    internal async Task<LivePage> OpenAsync(Uri address, PageLook? look = null) =>
        await LivePage.OpenAsync(_browser!, address, look ?? new PageLook());

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
