using System.Net;
using TradeProcessor.Load.Http;

namespace TradeProcessor.Load.Crowd;

/// <summary>Which local address a held connection has.</summary>
internal static class CrowdSources
{
    /// <summary>
    /// So few that a free port is found at once: the kernel looks for it one after another, first
    /// among half of them.
    /// </summary>
    public const int PerAddress = 5_000;

    /// <param name="first">The first of them; null leaves the choice to the system.</param>
    public static Func<int, IPAddress?> Choose(Target target, string? first)
    {
        if (first is null)
            return _ => null;
        var address = IPAddress.Parse(first);
        return target.IsLoopback ? i => Step(address, i / PerAddress) : _ => address;
    }

    /// <summary>The address that many further on, none of them ending with 0 or 255.</summary>
    public static IPAddress Step(IPAddress address, int steps)
    {
        var bytes = address.GetAddressBytes();
        var last = bytes[3] - 1 + steps;
        var third = bytes[2] + last / 254;
        var second = (byte)(bytes[1] + third / 256);
        return new IPAddress([bytes[0], second, (byte)(third % 256), (byte)(1 + last % 254)]);
    }
}
