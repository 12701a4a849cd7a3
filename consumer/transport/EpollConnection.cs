using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// A connection of an <see cref="EpollLoop"/>. What it does not need while it waits, it does not
/// hold: no buffer, no token, no end points as objects.
/// </summary>
internal sealed class EpollConnection : ConnectionContext, IDuplexPipe, IEpollSource
{
    private const int Closed = -1;

    private static long _lastId;

    private readonly SocketReader _reader;
    private readonly SocketWriter _writer;
    private readonly PeerAddress _peer;
    private readonly OpenSockets _open;
    private int _file;
    private int _slot = -1;
    private string? _id;
    private IDuplexPipe? _transport;
    private IDictionary<object, object?>? _items;
    private CancellationTokenSource? _ended;
    private CancellationToken? _endedOfOther;
    private bool _hasEnded;

    /// <param name="file">The socket's descriptor; closed by this connection.</param>
    /// <param name="open">Counts it until it is closed.</param>
    public EpollConnection(
        EpollLoop loop, int file, PeerAddress peer, EndPoint local, OpenSockets open)
    {
        (Loop, _file, _peer, _open) = (loop, file, peer, open);
        LocalEndPoint = local;
        _reader = new SocketReader(this) { IsInline = false };
        _writer = new SocketWriter(this) { IsInline = false };
        Features = new ConnectionFeatures(this);
    }

    public EpollLoop Loop { get; }

    /// <summary>Whoever waits for the connection goes on within the loop; by default not.</summary>
    public bool IsInline
    {
        get => _reader.IsInline;
        set => _reader.IsInline = _writer.IsInline = value;
    }

    public Exception? AbortReason { get; private set; }

    public override string ConnectionId
    {
        get => _id ??= Interlocked.Increment(ref _lastId).ToString("X");
        set => _id = value;
    }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    [AllowNull]
    public override IDuplexPipe Transport
    {
        get => _transport ?? this;
        set => _transport = value;
    }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint
    {
        get => field ??= _peer.ToEndPoint();
        set;
    }

    public override CancellationToken ConnectionClosed
    {
        get
        {
            if (_endedOfOther is { } other)
                return other;
            lock (this)
            {
                _ended ??= new CancellationTokenSource();
                if (_hasEnded)
                    _ended.Cancel();
                return _ended.Token;
            }
        }
        set => _endedOfOther = value;
    }

    PipeReader IDuplexPipe.Input => _reader;

    PipeWriter IDuplexPipe.Output => _writer;

    /// <summary>Makes the loop serve it; on the loop.</summary>
    public void Start() => _slot = Loop.Add(
        this, _file, Sys.EpollIn | Sys.EpollOut | Sys.EpollPeerClosed);

    public void OnReady(int events)
    {
        const int Over = Sys.EpollHangup | Sys.EpollError;
        if ((events & (Sys.EpollIn | Sys.EpollPeerClosed | Over)) != 0)
            _reader.OnReadable((events & (Sys.EpollPeerClosed | Over)) != 0);
        if ((events & (Sys.EpollOut | Over)) != 0 && !_writer.IsIdle)
            _writer.OnWritable();
        if ((events & Over) != 0)
            OnEnd();
    }

    public nint Receive(Span<byte> into) => Sys.Receive(_file, into);

    public nint Send(ReadOnlySpan<byte> bytes) => Sys.Send(_file, bytes);

    /// <summary>The peer has ended it, or it was cut.</summary>
    public void OnEnd()
    {
        lock (this)
        {
            if (_hasEnded)
                return;
            _hasEnded = true;
            if (_ended is null)
                return;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static ended => ended.Cancel(), _ended, preferLocal: false);
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        lock (this)
        {
            AbortReason ??= abortReason;
            // Those who wait are told by the loop.
            if (_file != Closed)
                Sys.Shutdown(_file);
        }
    }

    public override ValueTask DisposeAsync()
    {
        _reader.Complete();
        _writer.Complete();
        if (Loop.IsCurrent)
            Close();
        else
            Loop.Schedule(static state => ((EpollConnection)state!).Close(), this);
        return base.DisposeAsync();
    }

    // On the loop, so that no event of it is under way.
    private void Close()
    {
        lock (this)
        {
            if (_file == Closed)
                return;
            if (_slot >= 0)
                Loop.Remove(_slot);
            Sys.Close(_file);
            _file = Closed;
        }
        _open.Give();
        OnEnd();
    }
}
