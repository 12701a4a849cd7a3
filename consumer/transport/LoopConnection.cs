using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// A connection of a <see cref="ConnectionLoop"/>. What it does not need while it waits, it does
/// not hold: no buffer, no token, no end points as objects.
/// </summary>
internal abstract class LoopConnection : ConnectionContext, IDuplexPipe
{
    private static long _lastId;

    private readonly PeerAddress _peer;
    private string? _id;
    private IDuplexPipe? _transport;
    private IDictionary<object, object?>? _items;
    private CancellationTokenSource? _ended;
    private CancellationToken? _endedOfOther;
    private bool _hasEnded;

    protected LoopConnection(ConnectionLoop loop, PeerAddress peer, EndPoint local)
    {
        (Loop, _peer, LocalEndPoint) = (loop, peer, local);
    }

    public ConnectionLoop Loop { get; }

    /// <summary>Whoever waits for the connection goes on within the loop; by default not.</summary>
    public abstract bool IsInline { get; set; }

    public abstract PipeReader Input { get; }

    public abstract PipeWriter Output { get; }

    public Exception? AbortReason { get; protected set; }

    /// <summary>Of who serves it first; null where nobody does.</summary>
    public IConnectionWatch? Watch { get; set; }

    /// <summary>Kestrel has it now.</summary>
    public bool IsKestrels { get; set; }

    /// <summary>The trade lane has had it, and left it to Kestrel.</summary>
    public bool WasInLane { get; set; }

    public override string ConnectionId
    {
        get => _id ??= Interlocked.Increment(ref _lastId).ToString("X");
        set => _id = value;
    }

    public override IFeatureCollection Features => field ??= new ConnectionFeatures(this);

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
                if (_ended is null)
                {
                    _ended = new CancellationTokenSource();
                    if (_hasEnded)
                        _ended.Cancel();
                    else
                        OnEndWanted();
                }
                return _ended.Token;
            }
        }
        set => _endedOfOther = value;
    }

    /// <summary>
    /// It was cut, or both sides have ended it. A peer that has ended its own side alone may wait
    /// for answers: whoever reads sees that nothing more comes.
    /// </summary>
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
        ThreadPool.UnsafeQueueUserWorkItem(
            static ended => ended.Cancel(), _ended, preferLocal: false);
    }

    public override ValueTask DisposeAsync()
    {
        Input.Complete();
        Output.Complete();
        if (Loop.IsCurrent)
            Close();
        else
            Loop.Schedule(static state => ((LoopConnection)state!).Close(), this);
        return base.DisposeAsync();
    }

    /// <summary>Somebody wants to know when it ends, whether or not it is read from.</summary>
    protected virtual void OnEndWanted()
    {
    }

    /// <summary>Closes the socket; on the loop, so that nothing of it is told meanwhile.</summary>
    protected abstract void Close();
}
