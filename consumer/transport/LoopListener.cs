using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// Accepts the connections of one address and gives them to the loops in turn. What is not
/// accepted stays in the kernel's backlog. Kestrel gets a connection when the first service leaves
/// it.
/// </summary>
internal sealed partial class LoopListener : IConnectionListener, IWatcher
{
    // Others have their turn on the loop after so many.
    private const int AcceptsAtATime = 64;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly int _file;
    private readonly ConnectionLoop[] _loops;
    private readonly IFirstService _first;
    private readonly OpenConnections _open;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    private readonly Channel<LoopConnection> _forKestrel = Channel.CreateUnbounded<LoopConnection>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly TaskCompletionSource _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _closed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _serving = 1; // connections of the first service, and the listener itself
    private int _isUnbound;
    private CancellationToken _patience;

    // The first loop's own.
    private uint _next;
    private int _watched;
    private bool _isClosed;
    private bool _isShort; // of descriptors or memory
    private bool _retries;

    public LoopListener(
        Socket bound,
        ConnectionLoop[] loops,
        IFirstService first,
        OpenConnections open,
        TimeProvider time,
        ILogger logger)
    {
        (_socket, _loops, _first, _open) = (bound, loops, first, open);
        (_time, _logger) = (time, logger);
        _file = (int)bound.Handle;
        EndPoint = bound.LocalEndPoint!;
        Loop.Schedule(
            static state =>
            {
                var listener = (LoopListener)state!;
                listener._watched = listener.Loop.Watch(listener, listener._file);
                listener.OnReadable();
            },
            this);
    }

    public EndPoint EndPoint { get; }

    private ConnectionLoop Loop => _loops[0];

    public async ValueTask<ConnectionContext?> AcceptAsync(
        CancellationToken cancellationToken = default)
    {
        while (await _forKestrel.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_forKestrel.Reader.TryRead(out var connection))
                return connection;
        }
        return null;
    }

    public void OnReadable()
    {
        for (var i = 0; i < AcceptsAtATime; i++)
        {
            if (_isClosed)
                return;
            if (Reserve() is not { } loop)
            {
                WaitForRoom(Sys.ErrorFilesInProcess);
                return;
            }
            var file = Accept(out var peer);
            if (file < 0)
            {
                loop.Unreserve();
                return;
            }
            Serve(loop.Take(file, peer, EndPoint));
        }
        Loop.Schedule(static state => ((LoopListener)state!).OnReadable(), this);
    }

    /// <summary>
    /// Accepts no more and asks the first service to end its connections. It does not wait for
    /// them: Kestrel begins to end its own once this is done. From now on it gets no more; what the
    /// first service leaves later is closed.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when nothing is waited for any longer.</param>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isUnbound, 1) == 0)
        {
            _patience = cancellationToken;
            Loop.Schedule(static state => ((LoopListener)state!).Close(), this);
        }
        await _closed.Task;
    }

    /// <summary>
    /// Completes once the first service has ended its connections; those that it has not ended
    /// when the token of <see cref="UnbindAsync"/> is cancelled are aborted.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        try
        {
            await _ended.Task.WaitAsync(_patience);
        }
        catch (OperationCanceledException)
        {
            VisitAll(static connection =>
                connection.Abort(new ConnectionAbortedException("The server stops.")));
            // What does not even end then is left to the end of the process.
            _ = await Task.WhenAny(_ended.Task, Task.Delay(AbortLimit, _time, default));
        }
    }

    private void Close()
    {
        Loop.Unwatch(_watched);
        _socket.Dispose();
        _isClosed = true;
        VisitAll(static connection => connection.Watch?.RequestEnd());
        _ = _forKestrel.Writer.TryComplete();
        _closed.SetResult();
        End();
    }

    // What was scheduled on a loop before comes before.
    private void VisitAll(Action<LoopConnection> visit)
    {
        foreach (var loop in _loops)
        {
            loop.Schedule(
                static state =>
                {
                    var (listener, loop, visit) =
                        ((LoopListener, ConnectionLoop, Action<LoopConnection>))state!;
                    loop.Visit(0, 1, connection =>
                    {
                        if (ReferenceEquals(connection.LocalEndPoint, listener.EndPoint)
                            && !connection.IsKestrels)
                        {
                            visit(connection);
                        }
                    });
                },
                (this, loop, visit));
        }
    }

    private void Serve(LoopConnection connection)
    {
        _ = Interlocked.Increment(ref _serving);
        connection.Loop.Schedule(
            static state =>
            {
                var (listener, connection) = ((LoopListener, LoopConnection))state!;
                _ = listener.ServeAsync(connection);
            },
            (this, connection));
    }

    private async Task ServeAsync(LoopConnection connection)
    {
        var isKestrels = false;
        _open.Begin();
        try
        {
            isKestrels = await _first.ServeAsync(connection);
        }
        catch (Exception exception)
        {
            Log.Failed(_logger, exception);
        }
        _open.End();
        connection.IsKestrels = isKestrels;
        if (!isKestrels || !_forKestrel.Writer.TryWrite(connection))
            await connection.DisposeAsync();
        End();
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _serving) == 0)
            _ended.SetResult();
    }

    // In turn, without those that are full; null where all are.
    private ConnectionLoop? Reserve()
    {
        for (var i = 0; i < _loops.Length; i++)
        {
            var loop = _loops[_next++ % (uint)_loops.Length];
            if (loop.TryReserve())
                return loop;
        }
        return null;
    }

    private int Accept(out PeerAddress peer)
    {
        Span<byte> address = stackalloc byte[PeerAddress.MaxBytes];
        while (true)
        {
            var bytes = address.Length;
            int file;
            unsafe
            {
                fixed (byte* at = address)
                    file = Sys.Accept(_file, at, ref bytes);
            }
            peer = file >= 0 ? PeerAddress.Read(address) : default;
            if (file >= 0)
            {
                _isShort = false;
                return file;
            }
            var error = Sys.LastError;
            switch (error)
            {
                case Sys.ErrorAgain:
                    return file;
                case Sys.ErrorInterrupted or Sys.ErrorAborted or Sys.ErrorBarred
                    or Sys.ErrorProtocol or Sys.ErrorNoNetwork or Sys.ErrorNetworkDown
                    or Sys.ErrorNetworkAway or Sys.ErrorHostDown or Sys.ErrorHostAway:
                    continue; // this connection is gone already; the next one
                default:
                    // No room, or the listener itself: a loop that tried on would do nothing else.
                    WaitForRoom(error);
                    return file;
            }
        }
    }

    private void WaitForRoom(int error)
    {
        if (!_isShort)
            Log.Short(_logger, EndPoint, error);
        _isShort = true;
        if (_retries)
            return;
        _retries = true;
        // No event tells when another connection has ended.
        _ = Task.Delay(RetryAfter, _time).ContinueWith(
            static (_, state) => ((LoopListener)state!).Loop.Schedule(
                static state => ((LoopListener)state!).Retry(), state),
            this,
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }

    private void Retry()
    {
        _retries = false;
        OnReadable();
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Error,
            "{EndPoint} takes no more connections: error {Error} (23, 24: open files, see "
            + "ops/tune.sh, or Connections:Most). Those that are open go on")]
        public static partial void Short(ILogger logger, EndPoint endPoint, int error);

        [LoggerMessage(4, LogLevel.Error, "A connection was ended by an error of the program")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
