using System.Text.Json;
using Microsoft.Playwright;

namespace TradeProcessor.Tests.Browser;

/// <summary>Every view shows what its address says, and the numbers of the storage API.</summary>
public sealed class ViewTests(Chromium chromium, FilledHost filled) : IClassFixture<FilledHost>
{
    private Uri At(string path) => new(filled.Host.Address, path);

    private async Task<decimal> CountAsync(string query)
    {
        var now = DateTime.UtcNow;
        var answer = await filled.Desk.GetAsync(
            $"/api/aggregates?interval=1s&from={now.AddMinutes(-14):yyyy-MM-ddTHH:mm:ssZ}"
            + $"&to={now.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}&{query}");
        return answer.GetProperty("series").EnumerateArray()
            .SelectMany(series => series.GetProperty("points").EnumerateArray())
            .Sum(point => point.GetProperty("count").GetDecimal());
    }

    // Of the currency of the most trades, the first by name where there are several.
    private async Task<string> MostSoldAsync(string query)
    {
        var now = DateTime.UtcNow;
        var answer = await filled.Desk.GetAsync(
            $"/api/aggregates?interval=1s&groupBy=pair&from={now.AddMinutes(-14):yyyy-MM-ddTHH:mm:ssZ}"
            + $"&to={now.AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}&{query}");
        var (currency, amount) = answer.GetProperty("series").EnumerateArray()
            .GroupBy(series => series.GetProperty("pair").GetString()![..3])
            .Select(sold => (
                Currency: sold.Key,
                Points: sold.SelectMany(x => x.GetProperty("points").EnumerateArray()).ToList()))
            .OrderByDescending(x => x.Points.Sum(point => point.GetProperty("count").GetInt64()))
            .ThenBy(x => x.Currency, StringComparer.Ordinal)
            .Select(x => (
                x.Currency, x.Points.Sum(point => point.GetProperty("amountSell").GetDecimal())))
            .First();
        var shown = amount >= 1_000_000 ? $"{amount / 1_000_000:0.#} M"
            : amount >= 10_000 ? $"{amount / 1000:0.#} k"
            : $"{amount:#,0.#}";
        return $"{shown} {currency}";
    }

    [Theory]
    [InlineData("/?pair=EUR-GBP", "pair=EUR/GBP")]
    [InlineData("/?country=FR", "country=FR")]
    [InlineData("/?pair=EUR-GBP&country=FR", "pair=EUR/GBP&country=FR")]
    public async Task Overview_Filtered_EveryPanelObeys(string path, string query)
    {
        await using var page = await chromium.OpenAsync(At(path));
        var expected = await CountAsync(query);
        Assert.True(expected is > 0 and < FilledHost.Trades);
        await Eventually.EqualAsync(expected, () => page.MetricAsync("accepted"));
        foreach (var chart in (string[])["throughput", "map", "flows", "pairs", "countries"])
            await Eventually.EqualAsync(expected, () => page.TotalAsync(chart));
        var trades = await filled.Desk.GetAsync($"/api/trades?limit=25&{query}");
        await Expect(page.NewestTrades).ToHaveCountAsync(trades.GetArrayLength());
        // Refused trades, lag and answers are of all trades, and say so.
        await Expect(page.Page.Locator(".figure-scope:visible")).ToHaveCountAsync(3);
        Assert.Equal(path, await page.AddressAsync());
        Assert.Empty(page.Problems);
    }

    [Fact]
    public async Task Overview_OneUser_ShowsThatUsersTrades()
    {
        await using var page = await chromium.OpenAsync(At("/?user=u7"));
        Assert.Equal(1, (await filled.Desk.GetAsync("/api/trades?userId=u7")).GetArrayLength());
        await Eventually.EqualAsync(1, () => page.MetricAsync("accepted"));
        foreach (var chart in (string[])["throughput", "map", "flows", "pairs", "countries"])
            await Eventually.EqualAsync(1, () => page.TotalAsync(chart));
        await Expect(page.NewestTrades).ToHaveCountAsync(1);
        await Expect(page.Chart("throughput")).ToContainTextAsync("by u7, of the newest trades");
    }

    [Theory]
    [InlineData("24h", "1m")]
    [InlineData("30d", "1h")]
    public async Task Overview_LongerRange_IsOfLongerCells(string range, string interval)
    {
        await using var page = await chromium.OpenAsync(At("/"));
        await filled.Desk.WaitForPageAsync(page, FilledHost.Trades);
        await page.Page.Locator($"input[name=range][value='{range}']").CheckAsync();
        await Eventually.EqualAsync($"/?range={range}", page.AddressAsync);
        var answer = await filled.Desk.GetAsync($"/api/aggregates?interval={interval}");
        Assert.Equal(interval, answer.GetProperty("interval").GetString());
        foreach (var chart in (string[])["throughput", "map", "flows", "pairs", "countries"])
            await Eventually.EqualAsync(FilledHost.Trades, () => page.TotalAsync(chart));
        await Expect(page.Chart("throughput")).ToContainTextAsync(
            range == "24h" ? "Last 24 hours" : "Last 30 days");
    }

    [Fact]
    public async Task Filter_Typed_StandsInTheAddressAndOutlivesAReload()
    {
        await using var page = await chromium.OpenAsync(At("/"));
        await page.WaitForStateAsync("live");
        await page.Page.GetByLabel("Pair", new() { Exact = true }).FillAsync("eur/gbp");
        await page.Page.Keyboard.PressAsync("Enter");
        await Eventually.EqualAsync("/?pair=EUR-GBP", page.AddressAsync);
        var expected = await CountAsync("pair=EUR/GBP");
        await Eventually.EqualAsync(expected, () => page.TotalAsync("pairs"));

        _ = await page.Page.ReloadAsync();
        await Eventually.EqualAsync(expected, () => page.TotalAsync("pairs"));
        _ = await page.Page.GoBackAsync();
        await Eventually.EqualAsync(FilledHost.Trades, () => page.TotalAsync("pairs"));

        // What is no pair is said to be none, and changes nothing.
        await page.Page.GetByLabel("Pair", new() { Exact = true }).FillAsync("gold");
        await page.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("/", await page.AddressAsync());
        Assert.False(await page.Page.GetByLabel("Pair", new() { Exact = true })
            .EvaluateAsync<bool>("input => input.validity.valid"));
    }

    [Fact]
    public async Task Map_CountryPicked_FiltersByIt()
    {
        await using var page = await chromium.OpenAsync(At("/"));
        await filled.Desk.WaitForPageAsync(page, FilledHost.Trades);
        await Expect(page.Page.Locator(".pulses")).ToBeAttachedAsync();
        await page.Chart("map").ScrollIntoViewIfNeededAsync();
        // The middle of Brazil, as a part of the map.
        var box = await page.Chart("map").Locator("canvas").First.BoundingBoxAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                await page.Page.Mouse.ClickAsync(
                    box!.X + box.Width * 0.354f, box.Y + box.Height * 0.67f);
                return await page.AddressAsync() == "/?country=BR";
            },
            "Brazil was picked");
        await Expect(page.Page.Locator(".map-tip")).ToBeHiddenAsync();
        await Eventually.EqualAsync(
            await CountAsync("country=BR"), () => page.TotalAsync("throughput"));
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Eventually.EqualAsync(FilledHost.Trades, () => page.TotalAsync("map"));
    }

    [Theory]
    [InlineData("/", "country=BR")]
    [InlineData("/?pair=EUR-GBP", "country=BR&pair=EUR/GBP")]
    public async Task Map_CountryPointedAt_TellsItsTradesAndWhatTheySold(string path, string query)
    {
        await using var page = await chromium.OpenAsync(At(path));
        await Expect(page.Page.Locator(".pulses")).ToBeAttachedAsync();
        await page.WaitForPointsAsync("map");
        await page.Chart("map").ScrollIntoViewIfNeededAsync();
        var box = await page.Chart("map").Locator("canvas").First.BoundingBoxAsync();
        await page.Page.Mouse.MoveAsync(
            box!.X + box.Width * 0.354f, box.Y + box.Height * 0.67f, new() { Steps = 3 });
        var tip = page.Page.Locator(".map-tip");
        var count = await CountAsync(query);
        await Expect(tip).ToContainTextAsync($"Brazil (BR){count} trade");
        await Expect(tip).ToContainTextAsync($"Sold: {await MostSoldAsync(query)}");
        Assert.Empty(page.Problems);
    }

    [Fact]
    public async Task Pair_FromTheRanking_ShowsItsRateCountriesAndTrades()
    {
        await using var page = await chromium.OpenAsync(At("/"));
        await page.Chart("pairs").GetByRole(AriaRole.Link, new() { Name = "EUR/GBP" }).ClickAsync();
        await Eventually.EqualAsync("/pairs/EUR-GBP", page.AddressAsync);
        var expected = await CountAsync("pair=EUR/GBP");
        foreach (var chart in (string[])["price", "countries", "throughput"])
            await Eventually.EqualAsync(expected, () => page.TotalAsync(chart));

        // The table of rates, next to the API's cells of a minute.
        var rows = await page.TableAsync("price");
        var last = await LastMinuteAsync();
        await Expect(rows.First.Locator("td").Nth(4)).ToHaveTextAsync(
            Price(last.GetProperty("open")));
        await Expect(rows.First.Locator("td").Nth(7)).ToHaveTextAsync(
            Price(last.GetProperty("close")));
        await Expect(page.NewestTrades.First).ToContainTextAsync("EUR/GBP");

        await page.Page.GetByLabel("Compare with another pair").FillAsync("USD/JPY");
        await page.Page.Keyboard.PressAsync("Enter");
        await Eventually.EqualAsync("/pairs/EUR-GBP?vs=USD-JPY", page.AddressAsync);
        await Expect(page.Chart("price")).ToContainTextAsync("EUR/GBP beside USD/JPY");
        foreach (var pair in (string[])["EUR/GBP", "USD/JPY"])
            await Expect(rows.Filter(new() { HasText = pair }).First).ToBeVisibleAsync();
        var versus = await CountAsync("pair=USD/JPY");
        await Expect(page.Page.Locator("[data-metric=versus]")).ToHaveAttributeAsync(
            "data-value", $"{versus}");
        await Expect(page.Chart("throughput").Locator(".legend")).ToContainTextAsync("USD/JPY");
        Assert.Empty(page.Problems);
    }

    [Fact]
    public async Task Country_ShowsItsPairsAndTrades()
    {
        await using var page = await chromium.OpenAsync(At("/countries/GB?vs=FR"));
        var expected = await CountAsync("country=GB");
        foreach (var chart in (string[])["throughput", "flows", "pairs"])
            await Eventually.EqualAsync(expected, () => page.TotalAsync(chart));
        await Expect(page.Page.Locator("h2.subject-name")).ToHaveTextAsync("United Kingdom (GB)");
        Assert.Equal("United Kingdom and France – TradeProcessor", await page.Page.TitleAsync());
        await Expect(page.Page.Locator("[data-metric=versus]")).ToHaveAttributeAsync(
            "data-value", $"{await CountAsync("country=FR")}");
        await Expect(page.Chart("throughput").Locator(".legend:has(.of-orange)"))
            .ToContainTextAsync("France");
    }

    [Fact]
    public async Task Health_ShowsShardsProcessesAndWhatIsWrong()
    {
        await using var page = await chromium.OpenAsync(At("/health"));
        await Expect(page.Page.Locator("[data-finding]")).ToHaveCountAsync(8);
        await Expect(page.Page.Locator("[data-finding='Counting']")).ToHaveAttributeAsync(
            "data-level", "good");
        var shard = page.Page.Locator("[data-panel=shards] tbody tr");
        await Expect(shard).ToHaveCountAsync(1);
        await Expect(shard).ToContainTextAsync($"/{filled.Host.Id}");
        var process = page.Page.Locator("[data-panel=processes] tbody tr");
        await Expect(process).ToHaveCountAsync(1);
        await Expect(process).ToContainTextAsync($"/{filled.Host.Id}");
        await Eventually.TrueAsync(
            async () => await page.MetricAsync("connections") >= 1, "connections are counted");
    }

    private async Task<JsonElement> LastMinuteAsync()
    {
        var answer = await filled.Desk.GetAsync("/api/aggregates?interval=1m&pair=EUR/GBP");
        return answer.GetProperty("series")[0].GetProperty("points").EnumerateArray().Last();
    }

    private static string Price(JsonElement rate) =>
        rate.GetDecimal().ToString("0.000000", System.Globalization.CultureInfo.InvariantCulture);
}
