using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// What comes over a socket, received when it is asked for: nothing is read ahead, so that a
/// connection that waits holds no buffer, and one that is not read from holds up its sender. What
/// is there is always one piece.
/// </summary>
internal sealed class SocketReader(EpollConnection connection) : LoopReader
{
    private const int BlockBytes = 1 << 16; // few receives for a batch; rented only while in use
    private const int LeastRoom = 1 << 12;

    private const int NotWaiting = 0;
    private const int Waiting = 1;

    private byte[]? _block;
    private int _start;
    private int _end;
    private bool _isExamined = true;
    private bool _hasEnded;
    private Exception? _failure;

    // Set by events and cleared before a receive; who waits looks once more after saying so.
    private volatile bool _isReadable = true;
    private volatile bool _isPeerGone;
    private int _state;
    private int _isCanceled;

    private ReadOnlySequence<byte> Buffered => _block is null
        ? ReadOnlySequence<byte>.Empty
        : new ReadOnlySequence<byte>(_block, _start, _end - _start);

    public override bool TryRead(out ReadResult result)
    {
        if (Interlocked.Exchange(ref _isCanceled, 0) == 1)
        {
            result = new ReadResult(Buffered, isCanceled: true, _hasEnded);
            return true;
        }
        if (!_isExamined || _hasEnded || (_isReadable && TryReceive()))
        {
            if (_failure is not null)
                throw _failure;
            _isExamined = false;
            result = new ReadResult(Buffered, isCanceled: false, _hasEnded);
            return true;
        }
        result = default;
        return false;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            if (TryRead(out var result))
                return new ValueTask<ReadResult>(result);
            Source.Reset();
            var waits = new ValueTask<ReadResult>(this, Source.Version);
            _ = Interlocked.Exchange(ref _state, Waiting);
            if (HasNews && StopsWaiting())
                continue;
            EndOn(cancellationToken);
            return waits;
        }
    }

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_block is null)
            return;
        var all = Buffered;
        _isExamined = all.GetOffset(examined) - _start >= all.Length;
        _start += (int)(all.GetOffset(consumed) - _start);
        if (_start == _end)
        {
            _isExamined = true;
            Drop();
        }
        else if (_isExamined)
        {
            Shrink();
        }
    }

    public override void CancelPendingRead()
    {
        _ = Interlocked.Exchange(ref _isCanceled, 1);
        if (!StopsWaiting())
            return;
        if (IsInline)
            connection.Loop.Schedule(static state => ((SocketReader)state!).GoOn(), this);
        else
            GoOn();
    }

    public override void Complete(Exception? exception = null)
    {
        Drop();
        _isExamined = _hasEnded = true;
    }

    /// <summary>Something has come, or the end; told by the loop.</summary>
    /// <param name="isEnd">No more comes behind what there is.</param>
    public void OnReadable(bool isEnd)
    {
        if (isEnd)
            _isPeerGone = true;
        _isReadable = true;
        if (StopsWaiting())
            GoOn();
    }

    // A full fence, also where nobody waits.
    protected override bool StopsWaiting() =>
        Interlocked.CompareExchange(ref _state, NotWaiting, Waiting) == Waiting;

    private bool HasNews => _isReadable || Volatile.Read(ref _isCanceled) == 1;

    private void GoOn()
    {
        while (true)
        {
            try
            {
                if (TryRead(out var result))
                {
                    Source.SetResult(result);
                    return;
                }
            }
            catch (Exception exception) when (exception is IOException or ConnectionAbortedException)
            {
                Source.SetException(exception);
                return;
            }
            _ = Interlocked.Exchange(ref _state, Waiting);
            if (!HasNews || !StopsWaiting())
                return;
        }
    }

    // False where nothing is there yet.
    private bool TryReceive()
    {
        MakeRoom();
        _isReadable = _isPeerGone;
        var room = _block.AsSpan(_end);
        var count = connection.Receive(room);
        if (count > 0)
        {
            _end += (int)count;
            // Less than there was room for: the rest comes with an event of its own.
            if (count == room.Length)
                _isReadable = true;
            return true;
        }
        if (_start == _end)
            Drop();
        if (count < 0 && Sys.LastError == Sys.ErrorAgain)
            return false;
        _hasEnded = true;
        if (count < 0)
        {
            _failure = connection.AbortReason ?? new ConnectionResetException("The peer cut it.");
            connection.OnEnd();
        }
        return true;
    }

    private void MakeRoom()
    {
        var length = _end - _start;
        if (_block is null)
            _block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        else if (_block.Length - _end < LeastRoom)
            Move(Math.Max(BlockBytes, 2 * length));
    }

    // A beginning waits in as little as it needs.
    private void Shrink()
    {
        var length = _end - _start;
        if (4 * length < _block!.Length)
            Move(length);
    }

    private void Move(int bytes)
    {
        var block = ArrayPool<byte>.Shared.Rent(bytes);
        _block.AsSpan(_start, _end - _start).CopyTo(block);
        ArrayPool<byte>.Shared.Return(_block!);
        (_block, _start, _end) = (block, 0, _end - _start);
    }

    private void Drop()
    {
        if (_block is not null)
            ArrayPool<byte>.Shared.Return(_block);
        _block = null;
        _start = _end = 0;
    }
}
