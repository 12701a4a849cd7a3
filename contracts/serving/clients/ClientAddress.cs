using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace TradeProcessor.Serving;

/// <summary>Who sent a request, also where it comes by way of a trusted proxy.</summary>
public sealed class ClientAddress(IOptions<HttpOptions> options)
{
    private const int NetworkBytes = 8;

    private readonly HashSet<IPAddress> _proxies =
        [.. options.Value.TrustedProxies.Select(address => Plain(IPAddress.Parse(address)))];

    /// <summary>The client's address; IPv4 where it was mapped to IPv6.</summary>
    public IPAddress Of(HttpContext context)
    {
        var peer = Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
        return _proxies.Contains(peer) && Forwarded(context) is { } client ? client : peer;
    }

    /// <summary>
    /// What limits for each client count by: an IPv4 address, or the /64 network of an IPv6
    /// address, which one client has to itself.
    /// </summary>
    public IPAddress NetworkOf(HttpContext context) => NetworkOf(Of(context));

    /// <inheritdoc cref="NetworkOf(HttpContext)"/>
    public static IPAddress NetworkOf(IPAddress address)
    {
        var plain = Plain(address);
        if (plain.AddressFamily != AddressFamily.InterNetworkV6)
            return plain;
        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }

    /// <summary>Whether the connection itself comes from a trusted proxy.</summary>
    public bool IsTrustedProxy(IPAddress peer) => _proxies.Contains(Plain(peer));

    // What stands before the last comma was there when the request reached the proxy: anyone can
    // have written it.
    private static IPAddress? Forwarded(HttpContext context)
    {
        var last = context.Request.Headers["X-Forwarded-For"].ToString().AsSpan();
        last = last[(last.LastIndexOf(',') + 1)..].Trim();
        return IPAddress.TryParse(last, out var client) ? Plain(client) : null;
    }

    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
