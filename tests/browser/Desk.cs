using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace TradeProcessor.Tests.Browser;

/// <summary>What <c>GET /api/summary</c> and the large figures both say.</summary>
internal sealed record Figures(
    decimal Accepted, decimal Rejected, decimal Pairs, decimal Countries);

/// <summary>Who posts trades and reads them back over HTTP.</summary>
internal sealed class Desk(HttpClient client)
{
    // More of each than the rows that a ranking shows at once.
    private static readonly string[] Pairs =
    [
        "EUR/GBP", "EUR/GBP", "EUR/GBP", "USD/JPY", "USD/JPY", "GBP/USD", "CHF/EUR", "AUD/NZD",
        "EUR/USD", "USD/CAD", "EUR/SEK", "USD/MXN", "EUR/JPY", "NZD/JPY", "GBP/CHF", "EUR/PLN",
        "USD/SGD", "EUR/NOK",
    ];

    private static readonly string[] Countries =
    [
        "FR", "FR", "FR", "GB", "GB", "US", "JP", "DE", "BR", "IN", "NZ", "ZA", "BA", "ES", "IT",
        "PL", "CA",
    ];

    private int _next;

    /// <summary>One that breaks no rule.</summary>
    public static string Trade(string userId, string pair, string country, decimal rate = 0.7471m)
    {
        var (from, to) = (pair[..3], pair[4..]);
        var buy = 1000 * rate;
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"userId":"{{userId}}","currencyFrom":"{{from}}","currencyTo":"{{to}}","amountSell":1000,"amountBuy":{{buy}},"rate":{{rate}},"timePlaced":"24-JAN-15 10:27:44","originatingCountry":"{{country}}"}
            """);
    }

    /// <summary>Posts one; the answer must be 202.</summary>
    public async Task PostAsync(string trade) =>
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(trade, "application/json"));

    /// <summary>Posts one that must be refused.</summary>
    public async Task PostInvalidAsync() => Assert.Equal(
        HttpStatusCode.BadRequest,
        await SendAsync(Trade("x", "EUR/GBP", "XX"), "application/json"));

    /// <summary>Posts a batch of the pairs and countries above, each rate its own.</summary>
    public async Task PostManyAsync(int trades, int invalid = 0)
    {
        var lines = new StringBuilder();
        for (var i = 0; i < trades; i++)
        {
            var n = _next++;
            var trade = Trade(
                $"u{n}",
                Pairs[n % Pairs.Length],
                Countries[n % Countries.Length],
                0.7m + n % 97 / 1000m);
            _ = lines.Append(trade).Append('\n');
        }
        for (var i = 0; i < invalid; i++)
            _ = lines.Append(Trade("x", "EUR/QQQ", "FR")).Append('\n');
        Assert.Equal(
            HttpStatusCode.Accepted, await SendAsync(lines.ToString(), "application/x-ndjson"));
    }

    public async Task<JsonElement> GetAsync(string path) =>
        await client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    public async Task<Figures> SummaryAsync()
    {
        var summary = await GetAsync("/api/summary");
        return new Figures(
            summary.GetProperty("aggregated").GetDecimal(),
            summary.GetProperty("rejected").GetDecimal(),
            summary.GetProperty("pairs").GetDecimal(),
            summary.GetProperty("countries").GetDecimal());
    }

    /// <summary>Seconds of the last minutes in which the pair was traded.</summary>
    public async Task<int> SecondsAsync(string pair)
    {
        var now = DateTime.UtcNow;
        var aggregates = await GetAsync(
            $"/api/aggregates?interval=1s&pair={pair}"
            + $"&from={now.AddMinutes(-10):yyyy-MM-ddTHH:mm:ssZ}"
            + $"&to={now.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}");
        return aggregates.GetProperty("series").EnumerateArray()
            .Sum(series => series.GetProperty("points").GetArrayLength());
    }

    /// <summary>Waits until so many trades are counted, and the page says so too.</summary>
    public async Task WaitForPageAsync(LivePage page, decimal accepted)
    {
        await Eventually.EqualAsync(accepted, async () => (await SummaryAsync()).Accepted);
        await Eventually.EqualAsync(SummaryAsync, async () => new Figures(
            await page.MetricAsync("accepted"),
            await page.MetricAsync("rejected"),
            await page.MetricAsync("pairs"),
            await page.MetricAsync("countries")));
    }

    private async Task<HttpStatusCode> SendAsync(string body, string mediaType)
    {
        using var content = new StringContent(body, Encoding.UTF8, mediaType);
        using var answer = await client.PostAsync(new Uri("/trades", UriKind.Relative), content);
        return answer.StatusCode;
    }
}
