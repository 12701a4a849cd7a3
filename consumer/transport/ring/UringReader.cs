using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// What comes over a socket, received when it is asked for. A receive that waits has no buffer: the
/// kernel takes one of the ring's when something is there. Where the socket is known to hold more,
/// it goes into a block of its own, and does not wait. What is there is always one piece.
/// </summary>
internal sealed class UringReader(UringConnection connection, UringLoop loop) : LoopReader
{
    private const int BlockBytes = 1 << 16; // few receives for a batch
    private const uint DoNotWait = 0x40; // MSG_DONTWAIT

    // Of the one who reads.
    private Piece _here = Piece.Empty;
    private bool _isExamined = true;
    private bool _hasEnded;
    private Exception? _failure;
    private bool _leftMore;

    // Under the connection's lock: a receive's way to the one who reads. While it is under way,
    // _coming is the kernel's.
    private Piece _coming = Piece.Empty;
    private PinnedGCHandle<byte[]> _pin;
    private int _error; // 0 for the end
    private bool _isWaiting;
    private bool _isUnderWay;
    private bool _hasCome;
    private bool _isCanceled;
    private bool _isCompleted;

    public override bool TryRead(out ReadResult result)
    {
        lock (connection)
        {
            if (_isCanceled)
            {
                _isCanceled = false;
                result = new ReadResult(_here.Bytes, isCanceled: true, _hasEnded);
                return true;
            }
            TakeWhatHasCome();
        }
        var isThere = !_isExamined || _hasEnded;
        result = isThere ? Result(isCanceled: false) : default;
        return isThere;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool begins;
        lock (connection)
        {
            if (TryRead(out var result))
                return new ValueTask<ReadResult>(result);
            Source.Reset();
            _isWaiting = true;
            begins = !_isUnderWay;
            if (begins)
                Begin();
        }
        var waits = new ValueTask<ReadResult>(this, Source.Version);
        if (begins)
            connection.Receive();
        EndOn(cancellationToken);
        return waits;
    }

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_here.Block is null)
            return;
        var all = _here.Bytes;
        var taken = (int)(all.GetOffset(consumed) - _here.Start);
        _isExamined = all.GetOffset(examined) - _here.Start >= all.Length;
        _here.Start += taken;
        if (_here.Length == 0)
        {
            _isExamined = true;
            Drop(ref _here);
        }
        else if (_isExamined && (_here.Lent != Piece.None || 4 * _here.Length < _here.Block.Length))
        {
            // A beginning waits in as little as it needs.
            Move(_here.Length, extra: Piece.Empty);
        }
    }

    public override void CancelPendingRead()
    {
        lock (connection)
        {
            if (!_isWaiting)
            {
                _isCanceled = true;
                return;
            }
            _isWaiting = false;
        }
        if (IsInline)
            loop.Schedule(static state => ((UringReader)state!).GoOn(isCanceled: true), this);
        else
            GoOn(isCanceled: true);
    }

    public override void Complete(Exception? exception = null)
    {
        lock (connection)
        {
            if (_isCompleted)
                return;
            _isCompleted = _hasEnded = _isExamined = true;
            Drop(ref _here);
            if (_hasCome)
                Drop(ref _coming);
            _hasCome = false;
        }
    }

    /// <summary>Fills the entry of the receive that has begun; on the loop.</summary>
    public void Prepare(ref RingEntry entry)
    {
        entry.Operation = RingOperation.Receive;
        if (_coming.Block is not { } block)
        {
            entry.Flags |= RingEntry.ProvidedBuffer;
            entry.Priority = RingEntry.PollFirst;
            return;
        }
        _pin = new PinnedGCHandle<byte[]>(block);
        entry.Address = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(block, _coming.Start);
        entry.Length = (uint)(block.Length - _coming.Start);
        entry.OperationFlags = DoNotWait;
    }

    /// <summary>A receive has ended; on the loop.</summary>
    /// <returns>Whether it is to be begun anew.</returns>
    public bool OnReceived(in RingResult result)
    {
        bool wakes;
        lock (connection)
        {
            _pin.Dispose();
            if (!_isCompleted && IsForNow(result.Result))
                return true;
            _isUnderWay = false;
            Keep(result);
            if (_isCompleted)
            {
                Drop(ref _coming);
                return false;
            }
            (_hasCome, wakes) = (true, _isWaiting);
            _isWaiting = false;
        }
        if (result.Result < 0)
            connection.OnEnd();
        if (wakes)
            GoOn(isCanceled: false);
        return false;
    }

    protected override bool StopsWaiting()
    {
        lock (connection)
        {
            var did = _isWaiting;
            _isWaiting = false;
            return did;
        }
    }

    protected override ReadResult Finish(ReadResult found)
    {
        if (found.IsCanceled)
            return Result(isCanceled: true);
        lock (connection)
            TakeWhatHasCome();
        return Result(isCanceled: false);
    }

    private void GoOn(bool isCanceled) =>
        Source.SetResult(new ReadResult(default, isCanceled, isCompleted: false));

    // What waits has no block.
    private void Begin()
    {
        _isUnderWay = true;
        if (_leftMore)
            _coming = Piece.Rent(_here.Length + BlockBytes, _here.Length);
    }

    // True where the same receive can succeed in another way.
    private bool IsForNow(int result)
    {
        switch (result)
        {
            case -Sys.ErrorNoBuffers when _coming.Block is null:
                // All of the ring's are in use: something is there for a block of its own. Many
                // others have come too, and few of them are long.
                _coming = new Piece(loop.RentBlock(0));
                return true;
            case -Sys.ErrorAgain or -Sys.ErrorInterrupted:
                Drop(ref _coming);
                return true;
            default:
                return false;
        }
    }

    private void Keep(in RingResult result)
    {
        if (result.Buffer != Piece.None)
        {
            var lent = new Piece(connection.Ring.Buffers, result.Buffer, result.Result);
            // Within the loop it is read at once; elsewhere it would be away for too long.
            if (result.Result > 0 && _isWaiting && IsInline && !_isCompleted)
            {
                _coming = lent;
            }
            else
            {
                if (result.Result > 0)
                    _coming = lent.Copy();
                Drop(ref lent);
            }
        }
        else if (result.Result > 0)
        {
            _coming.End = _coming.Start + result.Result;
        }
        else
        {
            Drop(ref _coming);
        }
        (_error, _leftMore) = (result.Result, result.LeftMore);
    }

    private void TakeWhatHasCome()
    {
        if (!_hasCome)
            return;
        _hasCome = false;
        if (_error <= 0)
        {
            _hasEnded = true;
            if (_error < 0)
            {
                _failure = connection.AbortReason
                    ?? new ConnectionResetException("The peer cut it.");
            }
            return;
        }
        _isExamined = false;
        if (_here.Length > 0)
            Join();
        else
            _here = _coming;
        _coming = Piece.Empty;
    }

    // What is left goes ahead of what has come.
    private void Join()
    {
        var left = _here.Length;
        if (_coming.Lent != Piece.None || _coming.Start < left)
        {
            Move(left + _coming.Length, _coming);
            Drop(ref _coming);
            return;
        }
        _coming.Start -= left;
        _here.Span.CopyTo(_coming.Span);
        Drop(ref _here);
        _here = _coming;
    }

    private void Move(int bytes, in Piece extra)
    {
        var moved = Piece.Rent(bytes, 0);
        _here.Span.CopyTo(moved.Block);
        extra.Span.CopyTo(moved.Block.AsSpan(_here.Length));
        moved.End = _here.Length + extra.Length;
        Drop(ref _here);
        _here = moved;
    }

    private void Drop(ref Piece piece)
    {
        if (piece.Lent != Piece.None)
            loop.GiveBack(connection.Ring, piece.Lent);
        else if (piece.Block is not null)
            loop.ReturnBlock(piece.Block);
        piece = Piece.Empty;
    }

    private ReadResult Result(bool isCanceled)
    {
        if (_failure is not null && !isCanceled)
            throw _failure;
        return new ReadResult(_here.Bytes, isCanceled, _hasEnded);
    }
}
