using System.Net;
using System.Net.Sockets;

namespace TradeProcessor.Load.Http;

/// <summary>The service as a client sees it: an address and a path before all others.</summary>
internal sealed class Target
{
    private Target(Uri url, IPAddress address)
    {
        Url = url;
        EndPoint = new IPEndPoint(address, url.Port);
    }

    public Uri Url { get; }

    public IPEndPoint EndPoint { get; }

    public bool IsLoopback => IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>The name in the URL, resolved once: a run must not measure the resolver.</summary>
    /// <exception cref="UsageException">Not an http URL, or the name has no address.</exception>
    public static async Task<Target> ResolveAsync(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp)
        {
            throw new UsageException(
                $"--url {text}: give an http URL, such as http://127.0.0.1:8080");
        }

        if (!url.AbsolutePath.EndsWith('/'))
            url = new UriBuilder(url) { Path = url.AbsolutePath + "/" }.Uri;

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(url.DnsSafeHost);
            // "localhost" may mean both: the service listens on 127.0.0.1 unless told otherwise.
            var address = addresses.OrderBy(a => a.AddressFamily != AddressFamily.InterNetwork)
                .First();
            return new Target(url, address);
        }
        catch (SocketException e)
        {
            throw new UsageException($"--url {text}: cannot resolve {url.Host}: {e.Message}");
        }
    }
}
