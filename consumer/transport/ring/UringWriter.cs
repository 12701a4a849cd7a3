using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// What goes out over a socket, one send at a time; what is flushed meanwhile gathers for the next.
/// A flush ends when the socket has taken all; within the loop that of a short answer ends at once,
/// as long as the client leaves little unread.
/// </summary>
internal sealed class UringWriter(UringConnection connection, UringLoop loop)
    : PipeWriter, IValueTaskSource<FlushResult>
{
    private const int AtOnceBytes = 1 << 14; // of one connection's answers that nobody waits for
    private const uint NoSignalAndAll = 0x4000 | 0x100; // MSG_NOSIGNAL, MSG_WAITALL

    private ManualResetValueTaskSourceCore<bool> _source; // true where the flush was cancelled
    private byte[]? _block; // written and not flushed
    private int _length;

    // Under the connection's lock.
    private byte[]? _going; // the kernel reads it
    private PinnedGCHandle<byte[]> _pin;
    private int _goingStart;
    private int _goingEnd;
    private byte[]? _next; // flushed behind it
    private int _nextLength;
    private bool _isWaitedFor;
    private bool _isOver;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _length;

    /// <summary>Nothing is on its way.</summary>
    public bool IsIdle => Volatile.Read(ref _going) is null;

    public bool IsInline
    {
        get => !_source.RunContinuationsAsynchronously;
        set => _source.RunContinuationsAsynchronously = !value;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(ref _block, _length, sizeHint);
        return _block.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(ref _block, _length, sizeHint);
        return _block.AsSpan(_length);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (_block?.Length ?? 0) - _length);
        _length += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        bool begins;
        var waits = default(ValueTask<FlushResult>);
        lock (connection)
        {
            begins = Start();
            var left = _goingEnd - _goingStart + _nextLength;
            if (left == 0 || (IsInline && left <= AtOnceBytes))
            {
                waits = new ValueTask<FlushResult>(new FlushResult(isCanceled: false, _isOver));
            }
            else
            {
                _isWaitedFor = true;
                _source.Reset();
                waits = new ValueTask<FlushResult>(this, _source.Version);
            }
        }
        if (begins)
            connection.Send();
        return waits;
    }

    public override void CancelPendingFlush()
    {
        lock (connection)
        {
            if (!_isWaitedFor)
                return;
            _isWaitedFor = false;
        }
        _source.SetResult(true);
    }

    public override void Complete(Exception? exception = null)
    {
        var begins = false;
        lock (connection)
        {
            if (exception is null)
                begins = Start();
            Drop(ref _block);
            _length = 0;
        }
        if (begins)
            connection.Send();
    }

    /// <summary>Fills the entry of the send that is to go; on the loop.</summary>
    public void Prepare(ref RingEntry entry)
    {
        if (!_pin.IsAllocated)
            _pin = new PinnedGCHandle<byte[]>(_going!);
        entry.Operation = RingOperation.Send;
        entry.Address = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(_going!, _goingStart);
        entry.Length = (uint)(_goingEnd - _goingStart);
        entry.OperationFlags = NoSignalAndAll;
    }

    /// <summary>A send has ended; on the loop.</summary>
    /// <param name="result">Bytes, or an error, which is for good.</param>
    /// <returns>Whether there is more to send.</returns>
    public bool OnSent(int result)
    {
        lock (connection)
        {
            if (result >= 0)
                _goingStart += result;
            else if (result is not (-Sys.ErrorAgain or -Sys.ErrorInterrupted))
                End();
            if (_goingStart < _goingEnd)
                return true;
            _pin.Dispose();
            Drop(ref _going);
            (_going, _goingStart, _goingEnd) = (_next, 0, _nextLength);
            (_next, _nextLength) = (null, 0);
            if (_going is not null)
                return true;
            if (!_isWaitedFor)
                return false;
            _isWaitedFor = false;
        }
        _source.SetResult(false);
        return false;
    }

    // True where a send is to begin.
    private bool Start()
    {
        if (_block is null)
            return false;
        var begins = false;
        if (_isOver || _length == 0)
        {
            Drop(ref _block);
        }
        else if (_going is null)
        {
            (_going, _goingStart, _goingEnd) = (_block, 0, _length);
            begins = true;
        }
        else if (_next is null)
        {
            (_next, _nextLength) = (_block, _length);
        }
        else
        {
            MakeRoom(ref _next, _nextLength, _length);
            _block.AsSpan(0, _length).CopyTo(_next.AsSpan(_nextLength));
            _nextLength += _length;
            Drop(ref _block);
        }
        _block = null;
        _length = 0;
        return begins;
    }

    private void End()
    {
        _isOver = true;
        _goingStart = _goingEnd;
        Drop(ref _next);
        _nextLength = 0;
    }

    private void MakeRoom(ref byte[]? block, int length, int least)
    {
        least = Math.Max(1, least);
        if (block is null)
        {
            block = loop.RentBlock(least);
        }
        else if (block.Length - length < least)
        {
            var larger = loop.RentBlock(Math.Max(2 * block.Length, length + least));
            block.AsSpan(0, length).CopyTo(larger);
            Drop(ref block);
            block = larger;
        }
    }

    private void Drop(ref byte[]? block)
    {
        if (block is not null)
            loop.ReturnBlock(block);
        block = null;
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) =>
        new(_source.GetResult(token), _isOver);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) =>
        _source.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
