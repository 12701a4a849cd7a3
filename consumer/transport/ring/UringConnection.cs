using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// A connection of a <see cref="UringLoop"/>. Its slot is free for another one only once every
/// entry of it has completed, so no result can be taken for another's.
/// </summary>
internal sealed class UringConnection : LoopConnection
{
    private const int None = -1;
    private const int BothWays = 2;

    // As long as a client may take to read the last answers once nobody works for it any more.
    private static readonly TimeSpan LingerLimit = TimeSpan.FromSeconds(5);

    private readonly UringLoop _loop;
    private readonly UringReader _reader;
    private readonly UringWriter _writer;

    // The loop's own.
    private LoopRing _ring = null!; // from Start on
    private int _file;
    private int _slot = None;
    private int _underWay;
    private bool _isReceiving;
    private bool _isEndWatched;
    private bool _isClosing;

    /// <param name="file">The socket's descriptor, until <see cref="Start"/>.</param>
    public UringConnection(UringLoop loop, int file, PeerAddress peer, EndPoint local)
        : base(loop, peer, local)
    {
        (_loop, _file) = (loop, file);
        _reader = new UringReader(this, loop) { IsInline = false };
        _writer = new UringWriter(this) { IsInline = false };
    }

    public override bool IsInline
    {
        get => _reader.IsInline;
        set => _reader.IsInline = _writer.IsInline = value;
    }

    /// <summary>Of the ring that has its socket; once it has received something.</summary>
    public LoopRing Ring => _ring;

    public override PipeReader Input => _reader;

    public override PipeWriter Output => _writer;

    /// <summary>Makes the loop serve it; on the loop, before all else.</summary>
    public void Start()
    {
        (_ring, _slot) = _loop.Register(this, _file);
        _file = None;
        if (_slot == None)
            OnEnd();
    }

    /// <summary>Begins the receive that the reader has prepared; from any thread.</summary>
    public void Receive()
    {
        if (_loop.IsCurrent)
            ReceiveNow();
        else
            _loop.Schedule(static state => ((UringConnection)state!).ReceiveNow(), this);
    }

    /// <summary>Sends what the writer has on its way; from any thread.</summary>
    public void Send()
    {
        if (_loop.IsCurrent)
            SendNow();
        else
            _loop.Schedule(static state => ((UringConnection)state!).SendNow(), this);
    }

    public void OnCompleted(RingUse use, in RingResult result)
    {
        _underWay--;
        switch (use)
        {
            case RingUse.Receive:
                _isReceiving = false;
                if (_reader.OnReceived(result))
                    ReceiveNow();
                break;
            case RingUse.Send:
                if (_writer.OnSent(result.Result))
                    SendNow();
                break;
            case RingUse.End:
                _isEndWatched = false;
                if (!IsPeersSideAlone(result.Result))
                    OnEnd();
                break;
            case RingUse.Close:
                _ring.Release(_slot);
                _loop.Release();
                _slot = None;
                OnEnd();
                return;
        }
        if (_isClosing)
            CloseFile();
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        lock (this)
            AbortReason ??= abortReason;
        if (_loop.IsCurrent)
            Shutdown();
        else
            _loop.Schedule(static state => ((UringConnection)state!).Shutdown(), this);
    }

    protected override void OnEndWanted() =>
        _loop.Schedule(static state => ((UringConnection)state!).WatchEnd(), this);

    protected override void Close()
    {
        if (_isClosing)
            return;
        _isClosing = true;
        if (_slot == None)
        {
            _loop.Release();
            OnEnd();
            return;
        }
        if (_isReceiving)
            Cancel(RingUse.Receive);
        if (_isEndWatched)
            Cancel(RingUse.End);
        if (!_writer.IsIdle)
            CutLater();
        CloseFile();
    }

    private void ReceiveNow()
    {
        if (_slot == None || _isClosing)
        {
            _ = _reader.OnReceived(new RingResult(0, -Sys.ErrorReset, 0));
            return;
        }
        _isReceiving = true;
        _reader.Prepare(ref Next(RingUse.Receive));
    }

    private void SendNow()
    {
        if (_slot == None)
            _ = _writer.OnSent(-Sys.ErrorReset);
        else
            _writer.Prepare(ref Next(RingUse.Send));
    }

    private void Shutdown()
    {
        if (_slot == None || _isClosing)
            return;
        ref var entry = ref Next(RingUse.Shutdown);
        entry.Operation = RingOperation.Shutdown;
        entry.Length = BothWays;
    }

    // A poll for nothing tells of errors and of the end of both ways, and, unasked, of that of the
    // peer's side. Behind that one it would tell nothing else; the next send then tells the rest.
    private static bool IsPeersSideAlone(int events) =>
        events > 0 && (events & (Sys.EpollError | Sys.EpollHangup)) == 0;

    private void WatchEnd()
    {
        if (_slot == None || _isClosing || _isEndWatched)
            return;
        _isEndWatched = true;
        Next(RingUse.End).Operation = RingOperation.PollAdd;
    }

    // Nobody waits for what is left to send; a client that does not read must not hold it.
    private void CutLater() => _ = Task.Delay(LingerLimit).ContinueWith(
        static (_, state) => ((UringConnection)state!).Loop.Schedule(
            static state => ((UringConnection)state!).Cut(), state),
        this,
        CancellationToken.None,
        TaskContinuationOptions.None,
        TaskScheduler.Default);

    private void Cut()
    {
        if (_slot != None && !_writer.IsIdle)
            Cancel(RingUse.Send);
    }

    private void CloseFile()
    {
        if (_underWay > 0 || !_writer.IsIdle)
            return;
        ref var entry = ref Next(RingUse.Close);
        entry.Operation = RingOperation.Close;
        entry.Flags = 0;
        entry.File = 0;
        entry.FileIndex = (uint)_slot + 1;
    }

    private void Cancel(RingUse use)
    {
        _underWay++;
        _ring.Cancel(use, _slot);
    }

    private ref RingEntry Next(RingUse use)
    {
        _underWay++;
        return ref _ring.Next(use, _slot);
    }
}
