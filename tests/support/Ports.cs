using System.Net;
using System.Net.Sockets;

namespace TradeProcessor.Tests.Support;

/// <summary>
/// Free ports of the loopback, below those that the kernel gives to outgoing connections: a program
/// that is started again on its port must not find it taken by somebody's client.
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static int _next = Random.Shared.Next(Count);

    public static int Free()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
        throw new InvalidOperationException("No port is free.");
    }
}
