using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using TradeProcessor.Serving;

namespace TradeProcessor.Tests.Unit.Serving;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("10.0.0.1", "192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:10.0.0.1", "192.0.2.7", "192.0.2.7")]
    [InlineData("10.0.0.1", "203.0.113.9, 192.0.2.7", "192.0.2.7")]
    [InlineData("10.0.0.1", "2001:db8::1", "2001:db8::1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.1", "nobody", "10.0.0.1")]
    [InlineData("10.0.0.2", "192.0.2.7", "10.0.0.2")]
    public void Of_ByWayOfAProxy_IsWhatATrustedOneSays(string peer, string forwarded, string client)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        context.Request.Headers["X-Forwarded-For"] = forwarded;
        Assert.Equal(IPAddress.Parse(client), Behind("10.0.0.1").Of(context));
    }

    [Fact]
    public void Of_NoTrustedProxy_IsThePeer()
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Headers["X-Forwarded-For"] = "192.0.2.7";
        Assert.Equal(IPAddress.Loopback, Behind().Of(context));
    }

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    public void NetworkOf_IsWhatOneClientHasToItself(string address, string network) => Assert.Equal(
        IPAddress.Parse(network), ClientAddress.NetworkOf(IPAddress.Parse(address)));

    private static ClientAddress Behind(params string[] proxies) =>
        new(Options.Create(new HttpOptions { TrustedProxies = proxies }));
}
