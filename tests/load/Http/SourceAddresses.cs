using System.Net;
using System.Net.Sockets;

namespace TradeProcessor.Load.Http;

/// <summary>
/// A connection is told from another by its local port, of which one address has 28,232 by
/// default; towards a loopback target the rest of 127.0.0.0/8 gives more.
/// </summary>
internal static class SourceAddresses
{
    private const int PerAddress = 25_000;

    /// <returns>The local address of connection i; null leaves the choice to the system.</returns>
    /// <exception cref="UsageException">Not an address of the target's family.</exception>
    public static Func<int, IPAddress?> Choose(Target target, int connections, string? given)
    {
        IPAddress? first = null;
        if (given is not null && (!IPAddress.TryParse(given, out first)
            || first.AddressFamily != target.EndPoint.AddressFamily))
        {
            throw new UsageException(
                $"--source {given}: give an address of this machine, as 127.0.0.2");
        }

        var isV4 = target.EndPoint.AddressFamily == AddressFamily.InterNetwork;
        if (connections <= PerAddress || !target.IsLoopback || !isV4)
            return _ => first;

        var start = (first ?? IPAddress.Loopback).GetAddressBytes();
        return connection => Next(start, connection / PerAddress);
    }

    private static IPAddress Next(byte[] start, int step)
    {
        var last = start[3] - 1 + step;
        var (third, fourth) = (start[2] + last / 254, 1 + last % 254);
        return new IPAddress([start[0], start[1], (byte)third, (byte)fourth]);
    }
}
