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
            if (IsFree(port))
                return port;
        }
        throw new InvalidOperationException("No port is free.");
    }

    /// <summary>One of which the port so far behind it is free as well.</summary>
    public static int FreePair(int distance)
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = Free();
            if (port + distance < First + Count && IsFree(port + distance))
                return port;
        }
        throw new InvalidOperationException($"No two ports {distance} apart are free.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
