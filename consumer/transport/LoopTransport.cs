using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// Kestrel's connections over our own loops: for the trade lane, which works within them. All else
/// of Kestrel goes over it too, on the thread pool.
/// </summary>
/// <param name="sockets">Kestrel's own settings for sockets that listen.</param>
/// <param name="kestrel">Its limits of time.</param>
/// <param name="first">Asked when the program binds: it has looked at its settings by then.</param>
internal sealed partial class LoopTransport(
    IOptions<ConnectionOptions> options,
    IOptions<SocketTransportOptions> sockets,
    IOptions<KestrelServerOptions> kestrel,
    Func<IFirstService> first,
    OpenConnections open,
    TimeProvider time,
    ILogger<LoopTransport> logger)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private const int MostCalmSeconds = 8;

    private static readonly TimeSpan BeatEvery =
        TimeSpan.FromSeconds(1) / ConnectionLoop.BeatParts;

    private ConnectionLoop[]? _loops;
    private ITimer? _beats;

    /// <summary>What carries connections: io_uring, epoll or sockets, Kestrel's own.</summary>
    public string Carrier => _loops switch
    {
        [UringLoop, ..] => "io_uring",
        [EpollLoop, ..] => "epoll",
        _ => "sockets",
    };

    public bool CanBind(EndPoint endpoint) =>
        options.Value.Transport != ConnectionTransport.Sockets
        && OperatingSystem.IsLinux() && endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        _loops ??= CreateLoops();
        _beats ??= time.CreateTimer(_ => Beat(), null, BeatEvery, BeatEvery);
        try
        {
            return ValueTask.FromResult<IConnectionListener>(
                new LoopListener(Listen(endpoint), _loops, first(), open, time, logger));
        }
        catch (SocketException exception)
            when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(exception.Message, exception);
        }
    }

    public void Dispose()
    {
        _beats?.Dispose();
        foreach (var loop in _loops ?? [])
            loop.Dispose();
        _loops = null;
    }

    // So that a silent connection is closed a tenth too late at most, or some seconds.
    private int CalmSeconds => (int)Math.Clamp(
        kestrel.Value.Limits.KeepAliveTimeout.TotalSeconds / 10, 1, MostCalmSeconds);

    private void Beat()
    {
        foreach (var loop in _loops ?? [])
            loop.Beat(CalmSeconds);
    }

    private ConnectionLoop[] CreateLoops()
    {
        var failures = new LoopFailures(logger);
        if (options.Value.Transport != ConnectionTransport.Epoll)
        {
            try
            {
                return UringLoops.Create(options.Value.Most, failures);
            }
            catch (Win32Exception refused)
            {
                var level = options.Value.Transport == ConnectionTransport.Uring
                    ? LogLevel.Warning
                    : LogLevel.Information;
                Log.NoRings(logger, level, refused.NativeErrorCode, refused.Message);
            }
        }
        var most = Math.Max(1, Sys.OpenFilesLimit() - OpenSockets.KeptFree);
        if (options.Value.Most > most)
            Log.FewerThanMost(logger, options.Value.Most.Value, most);
        var open = new OpenSockets(Math.Min(most, options.Value.Most ?? most));
        return [.. Enumerable.Range(0, Environment.ProcessorCount)
            .Select(i => new EpollLoop($"connections {i}", open, failures))];
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

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 3,
            Message = "The system has no io_uring as it is needed (Linux 6.1), or bars it: error {Error}, "
            + "{Reason}. Connections go over epoll, no more than the limit of open files")]
        public static partial void NoRings(
            ILogger logger, LogLevel level, int error, string reason);

        [LoggerMessage(
            5,
            LogLevel.Warning,
            "Connections:Most is {Wanted}, but over epoll only {Possible} are possible: each takes "
            + "one of the open files that the process may have (ulimit -n, LimitNOFILE), of which "
            + "some are kept free")]
        public static partial void FewerThanMost(ILogger logger, int wanted, long possible);
    }
}
