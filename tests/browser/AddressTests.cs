using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace TradeProcessor.Tests.Browser;

/// <summary>Addresses and filters that cannot be understood: the page says so and what to do.</summary>
public sealed class AddressTests(Chromium chromium, FilledHost filled) : IClassFixture<FilledHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/nope", 404)]
    [InlineData("/pairs/EUR-GBP/more", 404)]
    [InlineData("/pairs/EUR-EUR", 200)]
    public async Task Open_NothingThere_SaysSoAndLeadsBack(string path, int status)
    {
        using var asked = new HttpRequestMessage(
            HttpMethod.Get, new Uri(filled.Host.Address, path));
        asked.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        using var answer = await filled.Host.Client.SendAsync(asked, Cancellation);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);

        await using var page = await chromium.OpenAsync(
            new Uri(filled.Host.Address, path), new(Script: Sound.Axe));
        await Expect(page.Page.Locator(".notice")).ToContainTextAsync($"There is nothing at {path}.");
        await Expect(page.Page.Locator(".view")).ToBeHiddenAsync();
        await Sound.AssertFitsAsync(page, "nothing-there-1440-dark");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Go to the overview" }).ClickAsync();
        await filled.Desk.WaitForPageAsync(page, FilledHost.Trades);
        await Expect(page.Page.Locator(".notice")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Open_NothingThere_ProgramsGetAProblem()
    {
        foreach (var path in (string[])["/nope", "/api/nope"])
        {
            using var asked = new HttpRequestMessage(
                HttpMethod.Get, new Uri(filled.Host.Address, path));
            asked.Headers.Accept.ParseAdd(path == "/nope" ? "*/*" : "text/html");
            using var answer = await filled.Host.Client.SendAsync(asked, Cancellation);
            Assert.Equal(404, (int)answer.StatusCode);
            Assert.Equal(
                "application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task Open_PartNotUnderstood_IsLeftOutOfTheAddressAndTold()
    {
        await using var page = await chromium.OpenAsync(
            new Uri(filled.Host.Address, "/?range=99y&pair=foo&country=fr"));
        await page.WaitForStateAsync("live");
        await Expect(page.Page).ToHaveURLAsync(new Uri(filled.Host.Address, "/?country=FR").ToString());
        await Expect(page.Page.Locator(".notice")).ToContainTextAsync("range=99y, pair=foo");
        Assert.Empty(page.Problems);
    }

    [Fact]
    public async Task Filter_BadText_IsExplainedAndForgiven()
    {
        await using var page = await chromium.OpenAsync(filled.Host.Address);
        await page.WaitForStateAsync("live");
        var country = page.Page.GetByRole(AriaRole.Combobox, new() { Name = "Country" });
        await country.FillAsync("Narnia");
        await country.PressAsync("Enter");
        await Expect(page.Page.GetByText("A country is like FR or France.")).ToBeVisibleAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(country).ToHaveValueAsync("");
        await Expect(page.Page.GetByText("A country is like FR or France.")).ToBeHiddenAsync();

        await country.FillAsync("germany");
        await country.PressAsync("Enter");
        await Expect(page.Page).ToHaveURLAsync(new Regex(@"\?country=DE$"));
        await Expect(country).ToHaveValueAsync("DE");
        var pair = page.Page.GetByRole(AriaRole.Combobox, new() { Name = "Pair" });
        await pair.FillAsync("eurgbp");
        await pair.PressAsync("Enter");
        await Expect(page.Page).ToHaveURLAsync(new Regex(@"\?pair=EUR-GBP&country=DE$"));
    }

    [Fact]
    public async Task Filter_User_SaysHowFarItReaches()
    {
        await using var page = await chromium.OpenAsync(
            new Uri(filled.Host.Address, "/?user=nobody-at-all"));
        await page.WaitForStateAsync("live");
        await Expect(page.Page.Locator(".notice")).ToContainTextAsync(
            new Regex(@"Only trades since \d+:\d\d:\d\d.* are searched"));
    }
}
