using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// What goes out over a socket: sent by whoever flushes, as far as the socket takes it, and the
/// rest by the loop as it takes more. A flush ends when all of it was taken.
/// </summary>
internal sealed class SocketWriter(EpollConnection connection)
    : PipeWriter, IValueTaskSource<FlushResult>
{
    private const int FirstBytes = 1 << 12;

    private ManualResetValueTaskSourceCore<FlushResult> _source;
    private byte[]? _block; // written and not flushed
    private int _length;
    private byte[]? _going; // flushed and not taken yet; under the connection's lock
    private int _goingStart;
    private int _goingEnd;
    private bool _isWritable = true;
    private bool _isWaitedFor;
    private bool _isOver;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _length;

    /// <summary>Nothing waits for the socket to take more.</summary>
    public bool IsIdle => Volatile.Read(ref _going) is null;

    public bool IsInline
    {
        get => !_source.RunContinuationsAsynchronously;
        set => _source.RunContinuationsAsynchronously = !value;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _block.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _block.AsSpan(_length);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (_block?.Length ?? 0) - _length);
        _length += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (connection)
        {
            Start();
            if (Send())
                return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, _isOver));
            _isWaitedFor = true;
            _source.Reset();
            return new ValueTask<FlushResult>(this, _source.Version);
        }
    }

    public override void CancelPendingFlush()
    {
        lock (connection)
        {
            if (!_isWaitedFor)
                return;
            _isWaitedFor = false;
        }
        _source.SetResult(new FlushResult(isCanceled: true, _isOver));
    }

    public override void Complete(Exception? exception = null)
    {
        lock (connection)
        {
            if (exception is null)
            {
                Start();
                _ = Send();
            }
            End();
        }
    }

    /// <summary>The socket takes more, or has failed; told by the loop.</summary>
    public void OnWritable()
    {
        lock (connection)
        {
            _isWritable = true;
            if (_going is null || !Send() || !_isWaitedFor)
                return;
            _isWaitedFor = false;
        }
        _source.SetResult(new FlushResult(isCanceled: false, _isOver));
    }

    private void MakeRoom(int least)
    {
        least = Math.Max(1, least);
        if (_block is null)
        {
            _block = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBytes, least));
        }
        else if (_block.Length - _length < least)
        {
            var block = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _block.Length, _length + least));
            _block.AsSpan(0, _length).CopyTo(block);
            ArrayPool<byte>.Shared.Return(_block);
            _block = block;
        }
    }

    // What was written goes behind what is still on its way.
    private void Start()
    {
        if (_block is null)
            return;
        if (_going is null)
        {
            (_going, _goingStart, _goingEnd) = (_block, 0, _length);
        }
        else
        {
            var going = _going.AsSpan(_goingStart, _goingEnd - _goingStart);
            var both = ArrayPool<byte>.Shared.Rent(going.Length + _length);
            going.CopyTo(both);
            _block.AsSpan(0, _length).CopyTo(both.AsSpan(going.Length));
            ArrayPool<byte>.Shared.Return(_going);
            ArrayPool<byte>.Shared.Return(_block);
            (_going, _goingStart, _goingEnd) = (both, 0, going.Length + _length);
        }
        _block = null;
        _length = 0;
    }

    // True where nothing is left to send.
    private bool Send()
    {
        while (!_isOver && _goingStart < _goingEnd)
        {
            if (!_isWritable)
                return false;
            var count = connection.Send(_going.AsSpan(_goingStart, _goingEnd - _goingStart));
            if (count >= 0)
                _goingStart += (int)count;
            else if (Sys.LastError == Sys.ErrorAgain)
                _isWritable = false;
            else
                End();
        }
        DropGoing();
        return true;
    }

    private void End()
    {
        _isOver = true;
        DropGoing();
        if (_block is not null)
            ArrayPool<byte>.Shared.Return(_block);
        _block = null;
        _length = 0;
    }

    private void DropGoing()
    {
        if (_going is not null)
            ArrayPool<byte>.Shared.Return(_going);
        _going = null;
        _goingStart = _goingEnd = 0;
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) =>
        _source.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
