using System.Net;
using System.Net.Sockets;

namespace TradeProcessor.Bench.Programs;

internal static class Loopback
{
    /// <summary>A port that nothing listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until the program says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended, or is not ready in time.</exception>
    public static async Task WaitUntilReadyAsync(
        HttpClient client, ChildProcess process, TimeSpan limit)
    {
        var deadline = DateTime.UtcNow + limit;
        while (true)
        {
            if (process.HasEnded || DateTime.UtcNow > deadline)
                throw new InvalidOperationException($"It does not start: {process.LastError}");
            try
            {
                using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (ready.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(100);
        }
    }
}
