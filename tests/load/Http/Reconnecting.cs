using System.Diagnostics;
using System.Net.Sockets;

namespace TradeProcessor.Load.Http;

/// <summary>Opens a connection again while the service is being restarted.</summary>
internal static class Reconnecting
{
    // A restart that replays its log may take a while; a service that is gone stays gone.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <returns>False where nobody has answered for as long as is worth waiting.</returns>
    public static async ValueTask<bool> TryAsync(HttpConnection connection, CancellationToken stop)
    {
        var since = Stopwatch.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(20);
        while (true)
        {
            try
            {
                await connection.ConnectAsync(stop);
                return true;
            }
            catch (SocketException)
            {
                if (Stopwatch.GetElapsedTime(since) > Patience)
                    return false;
            }

            await Task.Delay(pause, stop);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
