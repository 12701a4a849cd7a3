using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// Kestrel's connections over epoll, a loop for each processor: for the trade lane, which works
/// within the loops, with one receive and one send a request. All else of Kestrel goes over it too,
/// on the thread pool.
/// </summary>
/// <param name="sockets">Kestrel's own settings for sockets that listen.</param>
internal sealed class EpollTransport(
    IOptions<ConnectionOptions> options,
    IOptions<SocketTransportOptions> sockets,
    TimeProvider time,
    ILogger<EpollTransport> logger)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private readonly OpenSockets _open = new();
    private EpollLoop[]? _loops;

    public bool CanBind(EndPoint endpoint) =>
        options.Value.Transport == ConnectionTransport.Epoll
        && OperatingSystem.IsLinux() && endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        _loops ??= [.. Enumerable.Range(0, Environment.ProcessorCount)
            .Select(i => new EpollLoop($"connections {i}"))];
        try
        {
            return ValueTask.FromResult<IConnectionListener>(
                new EpollListener(Listen(endpoint), _loops, _open, time, logger));
        }
        catch (SocketException exception)
            when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(exception.Message, exception);
        }
    }

    public void Dispose()
    {
        foreach (var loop in _loops ?? [])
            loop.Dispose();
        _loops = null;
    }

    private Socket Listen(EndPoint endPoint)
    {
        var socket = sockets.Value.CreateBoundListenSocket(endPoint);
        try
        {
            socket.Blocking = false;
            socket.NoDelay = true; // accepted sockets inherit it
            socket.Listen(sockets.Value.Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
