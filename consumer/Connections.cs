using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TradeProcessor.Consumer.Transport;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Consumer;

/// <summary>Puts <see cref="ConnectionOptions"/> to Kestrel and its own transport.</summary>
internal static class Connections
{
    // Of Linux; the class library has a name for it only together with SO_REUSEADDR.
    private const int SolSocket = 1;
    private const int SoReusePort = 15;

    public static IServiceCollection AddTo(IServiceCollection services)
    {
        _ = services.AddValidated<ConnectionOptions>("Connections");
        _ = services.AddOptions<KestrelServerOptions>().Configure<IOptions<ConnectionOptions>>(
            static (kestrel, options) =>
                kestrel.Limits.KeepAliveTimeout = options.Value.KeepAliveTimeout);
        _ = services.AddOptions<SocketTransportOptions>().Configure<IOptions<ConnectionOptions>>(
            static (transport, options) => Configure(transport, options.Value));
        return services.AddSingleton<LoopTransport>().AddSingleton<IConnectionListenerFactory>(
            static provider => provider.GetRequiredService<LoopTransport>());
    }

    private static void Configure(SocketTransportOptions transport, ConnectionOptions options)
    {
        transport.Backlog = options.Backlog;
        // The default, and relied on: a connection that waits for its next request holds no block.
        transport.WaitForDataBeforeAllocatingBuffer = true;
        if (options.ReusePort)
            transport.CreateBoundListenSocket = BindShared;
    }

    /// <summary>A bound socket whose port others may listen on as well.</summary>
    /// <exception cref="StartRefusedException">The system has no such sockets.</exception>
    internal static Socket BindShared(EndPoint endpoint)
    {
        if (endpoint is not IPEndPoint address)
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (!OperatingSystem.IsLinux())
            throw new StartRefusedException("Connections:ReusePort = 'True': needs Linux");
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As Kestrel does: [::] means the addresses of both families.
            if (address.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.SetRawSocketOption(SolSocket, SoReusePort, BitConverter.GetBytes(1));
            socket.Bind(address);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
