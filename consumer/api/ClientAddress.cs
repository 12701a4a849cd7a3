using System.Net;
using Microsoft.AspNetCore.Http;

namespace TradeProcessor.Consumer.Api;

/// <summary>Who sent a request, also where it comes by way of a balancer.</summary>
internal sealed class ClientAddress(IEnumerable<string> trustedProxies)
{
    private readonly HashSet<IPAddress> _proxies =
        [.. trustedProxies.Select(address => Plain(IPAddress.Parse(address)))];

    public IPAddress Of(HttpContext context)
    {
        var peer = Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
        return _proxies.Count > 0 && _proxies.Contains(peer) && Forwarded(context) is { } client
            ? client
            : peer;
    }

    // What stands before the last comma was there when the request reached the balancer: anyone
    // can have written it.
    private static IPAddress? Forwarded(HttpContext context)
    {
        var last = context.Request.Headers["X-Forwarded-For"].ToString().AsSpan();
        last = last[(last.LastIndexOf(',') + 1)..].Trim();
        return IPAddress.TryParse(last, out var client) ? Plain(client) : null;
    }

    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
