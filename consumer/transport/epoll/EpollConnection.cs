using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace TradeProcessor.Consumer.Transport;

/// <summary>A connection of an <see cref="EpollLoop"/>.</summary>
internal sealed class EpollConnection : LoopConnection, IEpollSource
{
    private const int Closed = -1;

    private readonly EpollLoop _loop;
    private readonly SocketReader _reader;
    private readonly SocketWriter _writer;
    private int _file;
    private int _slot = Closed;

    /// <param name="file">The socket's descriptor; closed by this connection.</param>
    public EpollConnection(EpollLoop loop, int file, PeerAddress peer, EndPoint local)
        : base(loop, peer, local)
    {
        (_loop, _file) = (loop, file);
        _reader = new SocketReader(this) { IsInline = false };
        _writer = new SocketWriter(this) { IsInline = false };
    }

    public override bool IsInline
    {
        get => _reader.IsInline;
        set => _reader.IsInline = _writer.IsInline = value;
    }

    public override PipeReader Input => _reader;

    public override PipeWriter Output => _writer;

    /// <summary>Makes the loop serve it; on the loop.</summary>
    public void Start()
    {
        lock (this)
        {
            if (_file == Closed)
                return;
            _slot = _loop.Add(
                this, _file, Sys.EpollIn | Sys.EpollOut | Sys.EpollPeerClosed);
        }
        if (_slot != Closed)
            return;
        Abort(new ConnectionAbortedException("The system does not watch it."));
        // Nothing else tells those who wait.
        OnReady(Sys.EpollHangup);
    }

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

    protected override void Close()
    {
        lock (this)
        {
            if (_file == Closed)
                return;
            if (_slot != Closed)
                _loop.Remove(_slot);
            Sys.Close(_file);
            _file = Closed;
        }
        Loop.Unreserve();
        OnEnd();
    }
}
