using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// Kestrel's connections over epoll, a loop for each processor: for the trade lane, which works
/// within the loops, with one receive and one send a request. All else of Kestrel goes over it too,
/// on the thread pool.
/// </summary>
internal sealed class EpollTransport(TimeProvider time, ILogger<EpollTransport> logger)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private const int Backlog = 4096;

    private EpollLoop[]? _loops;

    public static bool IsSupported => OperatingSystem.IsLinux();

    public bool CanBind(EndPoint endpoint) => IsSupported && endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        _loops ??= [.. Enumerable.Range(0, Environment.ProcessorCount)
            .Select(i => new EpollLoop($"connections {i}"))];
        return ValueTask.FromResult<IConnectionListener>(
            new EpollListener(Listen((IPEndPoint)endpoint), _loops, time, logger));
    }

    public void Dispose()
    {
        foreach (var loop in _loops ?? [])
            loop.Dispose();
        _loops = null;
    }

    private static Socket Listen(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Blocking = false;
            socket.NoDelay = true; // accepted sockets inherit it
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException exception)
            when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(exception.Message, exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
