using System.IO.Pipelines;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// What goes out over a socket: sent by whoever flushes, as far as the socket takes it, and the
/// rest by the loop as it takes more. A flush ends when all of it was taken.
/// </summary>
internal sealed class SocketWriter(EpollConnection connection) : LoopWriter(connection)
{
    private byte[]? _going; // flushed and not taken yet; under the connection's lock
    private int _goingStart;
    private int _goingEnd;
    private bool _isWritable = true;

    public override bool IsIdle => Volatile.Read(ref _going) is null;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (connection)
        {
            Start();
            return Send() ? Flushed() : Wait();
        }
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
            if (_going is null || !Send() || !StopsWaiting())
                return;
        }
        GoOn();
    }

    // What was written goes behind what is still on its way.
    private void Start()
    {
        if (Block is null)
            return;
        if (_going is null)
        {
            (_going, _goingStart, _goingEnd) = (Block, 0, Length);
        }
        else
        {
            MakeRoom(ref _going, _goingEnd, Length);
            Block.AsSpan(0, Length).CopyTo(_going.AsSpan(_goingEnd));
            _goingEnd += Length;
            Drop(ref Block);
        }
        Block = null;
        Length = 0;
    }

    // True where nothing is left to send.
    private bool Send()
    {
        while (!IsOver && _goingStart < _goingEnd)
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
        IsOver = true;
        DropGoing();
        Drop(ref Block);
        Length = 0;
    }

    private void DropGoing()
    {
        Drop(ref _going);
        _goingStart = _goingEnd = 0;
    }
}
