using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// Accepts the connections of one address and gives them to the loops in turn. What is not
/// accepted stays in the kernel's backlog.
/// </summary>
internal sealed partial class LoopListener
    : IConnectionListener, IWatcher, IValueTaskSource<ConnectionContext?>
{
    // Others have their turn on the loop after so many.
    private const int AcceptsAtATime = 64;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly int _file;
    private readonly ConnectionLoop[] _loops;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    private ManualResetValueTaskSourceCore<ConnectionContext?> _source;
    private volatile bool _isReadable = true;
    private volatile bool _isUnbound;
    private int _isWaiting;
    private int _inARow;
    private uint _next;
    private int _watched = -1;
    private bool _isShort; // of descriptors or memory

    public LoopListener(
        Socket bound, ConnectionLoop[] loops, TimeProvider time, ILogger logger)
    {
        (_socket, _loops, _time, _logger) = (bound, loops, time, logger);
        _file = (int)bound.Handle;
        EndPoint = bound.LocalEndPoint!;
        Loop.Schedule(
            static state =>
            {
                var listener = (LoopListener)state!;
                listener._watched = listener.Loop.Watch(listener, listener._file);
            },
            this);
    }

    public EndPoint EndPoint { get; }

    private ConnectionLoop Loop => _loops[0];

    public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (TryAccept(out var connection))
                return new ValueTask<ConnectionContext?>(connection);
            _source.Reset();
            _ = Interlocked.Exchange(ref _isWaiting, 1);
            if (!HasNews || !StopsWaiting())
                return new ValueTask<ConnectionContext?>(this, _source.Version);
        }
    }

    public void OnReadable()
    {
        _isReadable = true;
        GoOn();
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _isUnbound = true;
        Loop.Schedule(
            static state =>
            {
                var listener = (LoopListener)state!;
                if (listener._watched >= 0)
                    listener.Loop.Unwatch(listener._watched);
                listener._watched = -1;
                listener._socket.Dispose();
                listener.GoOn();
            },
            this);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _isUnbound ? ValueTask.CompletedTask : UnbindAsync();

    private bool HasNews => _isReadable || _isUnbound;

    private bool StopsWaiting() => Interlocked.CompareExchange(ref _isWaiting, 0, 1) == 1;

    // On the loop, for the one who waits.
    private void GoOn()
    {
        _inARow = 0;
        while (StopsWaiting())
        {
            if (TryAccept(out var connection))
            {
                _source.SetResult(connection);
                return;
            }
            _ = Interlocked.Exchange(ref _isWaiting, 1);
            if (!HasNews)
                return;
        }
    }

    // True for a connection, or null at the end.
    private bool TryAccept(out ConnectionContext? connection)
    {
        connection = null;
        if (_isUnbound)
            return true;
        if (!_isReadable)
            return false;
        if (_inARow++ == AcceptsAtATime)
        {
            AcceptLater();
            return false;
        }
        _isReadable = false;
        if (Reserve() is not { } loop)
        {
            WaitForRoom(Sys.ErrorFilesInProcess);
            return false;
        }
        var file = Accept(out var peer);
        if (file < 0)
        {
            loop.Unreserve();
            return false;
        }
        _isReadable = true;
        connection = loop.Take(file, peer, EndPoint);
        return true;
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

    private void AcceptLater()
    {
        _isReadable = false;
        Loop.Schedule(static state => ((LoopListener)state!).OnReadable(), this);
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
                case Sys.ErrorFilesInProcess or Sys.ErrorFilesInSystem
                    or Sys.ErrorNoMemory or Sys.ErrorNoBuffers:
                    WaitForRoom(error);
                    return file;
                default:
                    continue; // this connection is gone already; the next one
            }
        }
    }

    private void WaitForRoom(int error)
    {
        if (!_isShort)
            Log.Short(_logger, EndPoint, error);
        _isShort = true;
        // No event tells when another connection has ended.
        _ = Task.Delay(RetryAfter, _time).ContinueWith(
            static (_, state) => ((LoopListener)state!).AcceptLater(),
            this,
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }

    ConnectionContext? IValueTaskSource<ConnectionContext?>.GetResult(short token) =>
        _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ConnectionContext?>.GetStatus(short token) =>
        _source.GetStatus(token);

    void IValueTaskSource<ConnectionContext?>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Error,
            "{EndPoint} takes no more connections: error {Error} (23, 24: open files, see "
            + "ops/tune.sh). Those that are open go on")]
        public static partial void Short(ILogger logger, EndPoint endPoint, int error);
    }
}
