using Microsoft.AspNetCore.Http;
using TradeProcessor.Frontend.Live;

namespace TradeProcessor.Tests.Unit.Live;

public sealed class OriginCheckTests
{
    [Theory]
    [InlineData(null, "desk:8080", true)] // no browser
    [InlineData("http://desk:8080", "desk:8080", true)]
    [InlineData("http://DESK:8080", "desk:8080", true)]
    [InlineData("https://desk", "desk", true)] // a balancer ends TLS
    [InlineData("https://desk", "desk:443", true)]
    [InlineData("https://wall.example", "desk:8080", true)] // allowed by name
    [InlineData("http://desk:8081", "desk:8080", false)]
    [InlineData("http://evil.example", "desk:8080", false)]
    [InlineData("http://desk.evil.example:8080", "desk:8080", false)]
    [InlineData("null", "desk:8080", false)]
    [InlineData("file://desk:8080", "desk:8080", false)]
    public void IsAllowed_ByOriginAndHost(string? origin, string host, bool allowed) =>
        Assert.Equal(allowed, OriginCheck.IsAllowed(
            origin, new HostString(host), ["https://wall.example"]));
}
