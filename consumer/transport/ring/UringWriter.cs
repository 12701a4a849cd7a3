using System.IO.Pipelines;
using System.Runtime.InteropServices;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// What goes out over a socket, one send at a time; what is flushed meanwhile gathers for the next.
/// A flush ends when the socket has taken all; within the loop that of a short answer ends at once,
/// as long as the client leaves little unread.
/// </summary>
internal sealed class UringWriter(UringConnection connection) : LoopWriter(connection)
{
    private const int AtOnceBytes = 1 << 14; // of one connection's answers that nobody waits for
    private const uint NoSignalAndAll = 0x4000 | 0x100; // MSG_NOSIGNAL, MSG_WAITALL

    // Under the connection's lock.
    private byte[]? _going; // the kernel reads it
    private PinnedGCHandle<byte[]> _pin;
    private int _goingStart;
    private int _goingEnd;
    private byte[]? _next; // flushed behind it
    private int _nextLength;

    public override bool IsIdle => Volatile.Read(ref _going) is null;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        bool begins;
        ValueTask<FlushResult> flush;
        lock (connection)
        {
            begins = Start();
            var left = _goingEnd - _goingStart + _nextLength;
            flush = left == 0 || (IsInline && left <= AtOnceBytes) ? Flushed() : Wait();
        }
        if (begins)
            connection.Send();
        return flush;
    }

    public override void Complete(Exception? exception = null)
    {
        var begins = false;
        lock (connection)
        {
            if (exception is null)
                begins = Start();
            Drop(ref Block);
            Length = 0;
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
            if (!StopsWaiting())
                return false;
        }
        GoOn();
        return false;
    }

    // True where a send is to begin.
    private bool Start()
    {
        if (Block is null)
            return false;
        var begins = false;
        if (IsOver || Length == 0)
        {
            Drop(ref Block);
        }
        else if (_going is null)
        {
            (_going, _goingStart, _goingEnd) = (Block, 0, Length);
            begins = true;
        }
        else if (_next is null)
        {
            (_next, _nextLength) = (Block, Length);
        }
        else
        {
            MakeRoom(ref _next, _nextLength, Length);
            Block.AsSpan(0, Length).CopyTo(_next.AsSpan(_nextLength));
            _nextLength += Length;
            Drop(ref Block);
        }
        Block = null;
        Length = 0;
        return begins;
    }

    private void End()
    {
        IsOver = true;
        _goingStart = _goingEnd;
        Drop(ref _next);
        _nextLength = 0;
    }
}
