using TradeProcessor.Frontend.Live;

namespace TradeProcessor.Tests.Unit.Live;

public sealed class ViewTests
{
    [Theory]
    [InlineData("EUR/GBP", null, null, true)]
    [InlineData(null, "FR", "EUR/USD", true)]
    [InlineData("EURGBP", null, null, false)]
    [InlineData(null, "XX", null, false)]
    [InlineData(null, null, "?", false)]
    [InlineData(null, null, null, true, "24h", "u7", "FR")]
    [InlineData(null, null, null, false, "1y")]
    [InlineData(null, null, null, false, "24h", "")]
    [InlineData(null, null, null, false, "24h", "u7", "XX")]
    public void Parse_Request_IsUnderstoodOrExplained(
        string? pair, string? country, string? focus, bool good,
        string? range = null, string? user = null, string? focusCountry = null)
    {
        var view = View.Parse(
            new WatchRequest(pair, country, focus, user, range, focusCountry), out var error);
        Assert.Equal(good, view is not null);
        Assert.Equal(good, error is null);
    }
}
