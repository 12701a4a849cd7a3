using System.Collections.Concurrent;

namespace TradeProcessor.Tests.Faults.Clients;

/// <summary>Hands out cells that no other client of the test uses.</summary>
internal sealed class PageBook
{
    private static readonly string[] Currencies =
    [
        "EUR", "GBP", "USD", "JPY", "CHF", "AUD", "NZD", "CAD", "SEK", "NOK", "DKK", "PLN", "CZK",
        "HUF", "MXN", "BRL", "INR", "CNY", "ZAR", "TRY",
    ];

    private static readonly string[] Countries =
    [
        "FR", "GB", "US", "JP", "DE", "BR", "IN", "CH", "AU", "NZ", "CA", "SE", "NO", "DK", "PL",
        "CZ", "HU", "MX", "CN", "ZA",
    ];

    private readonly ConcurrentQueue<Page> _pages = new();
    private int _next = -1;

    public IReadOnlyCollection<Page> Pages => _pages;

    public Page Next()
    {
        var number = Interlocked.Increment(ref _next);
        var pairs = Currencies.Length * (Currencies.Length - 1);
        var (from, to) = Math.DivRem(number % pairs, Currencies.Length - 1);
        Assert.True(number / pairs < Countries.Length, "the test has used all pages");
        var page = new Page(
            $"{Currencies[from]}/{Currencies[(from + 1 + to) % Currencies.Length]}",
            Countries[number / pairs]);
        _pages.Enqueue(page);
        return page;
    }
}
