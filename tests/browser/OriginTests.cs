using System.Net;
using System.Net.WebSockets;

namespace TradeProcessor.Tests.Browser;

/// <summary>
/// A page of another site cannot listen, neither by negotiation nor by the upgrade.
/// </summary>
public sealed class OriginTests(FilledHost filled) : IClassFixture<FilledHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("own", HttpStatusCode.OK)]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    public async Task Negotiate_ByOrigin(string? origin, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri("/live/negotiate?negotiateVersion=1", UriKind.Relative));
        if (origin is not null)
            request.Headers.Add("Origin", Origin(origin));
        using var answer = await filled.Host.Client.SendAsync(request, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("own", true)]
    [InlineData("http://evil.example", false)]
    public async Task Upgrade_ByOrigin(string? origin, bool allowed)
    {
        using var socket = new ClientWebSocket();
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", Origin(origin));
        var address = new UriBuilder(new Uri(filled.Host.Address, "/live")) { Scheme = "ws" }.Uri;
        var connecting = socket.ConnectAsync(address, Cancellation);
        if (allowed)
        {
            await connecting;
            Assert.Equal(WebSocketState.Open, socket.State);
        }
        else
        {
            var refused = await Assert.ThrowsAsync<WebSocketException>(() => connecting);
            Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        }
    }

    private string Origin(string name) => name == "own"
        ? filled.Host.Address.GetLeftPart(UriPartial.Authority)
        : name;
}
