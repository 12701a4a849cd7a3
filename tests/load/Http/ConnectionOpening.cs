using System.Net;
using System.Net.Sockets;

namespace TradeProcessor.Load.Http;

/// <summary>Opens many connections, a few at a time, before anything is measured.</summary>
internal static class ConnectionOpening
{
    // Below every usual listen backlog (Kestrel's is 512): a SYN that is dropped costs a second.
    private const int AtATime = 128;

    /// <param name="sources">Local address of connection i; null leaves it to the system.</param>
    /// <exception cref="UsageException">One could not be opened: says which and why.</exception>
    public static async Task<HttpConnection[]> OpenAsync(
        Target target,
        int count,
        Func<int, IPAddress?> sources,
        int bufferBytes,
        Action opened,
        CancellationToken stop)
    {
        var connections = new HttpConnection[count];
        var open = 0;
        try
        {
            var options = new ParallelOptions
            {
                MaxDegreeOfParallelism = AtATime,
                CancellationToken = stop,
            };
            await Parallel.ForEachAsync(Enumerable.Range(0, count), options, async (i, token) =>
            {
                var connection = new HttpConnection(target, sources(i), bufferBytes);
                connections[i] = connection;
                await connection.ConnectAsync(token);
                Interlocked.Increment(ref open);
                opened();
            });
            return connections;
        }
        catch (SocketException e)
        {
            foreach (var connection in connections)
                connection?.Dispose();
            throw new UsageException(Explain(target, open, count, e));
        }
    }

    private static string Explain(Target target, int open, int count, SocketException e)
    {
        var mend = e.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "is the service running there? ops/run.sh starts it",
            SocketError.TooManyOpenSockets => "raise the open-file limit: ulimit -n",
            SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable =>
                "the local ports are used up; see ops/tune.sh --check, or give --source",
            _ => "check the address and the network",
        };
        var where = open == 0 ? "" : $" (connection {open + 1} of {count})";
        return $"cannot connect to {target.Url}{where}: {e.Message}; {mend}";
    }
}
