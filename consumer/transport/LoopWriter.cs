using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// The writing side of a <see cref="LoopConnection"/>: what is written gathers in a block of the
/// loop until it is flushed; one flush at a time may wait for the socket to take it.
/// </summary>
internal abstract class LoopWriter(LoopConnection connection)
    : PipeWriter, IValueTaskSource<FlushResult>
{
    /// <summary>Written and not flushed; null for none.</summary>
    protected byte[]? Block;

    /// <summary>Bytes of <see cref="Block"/> that are written.</summary>
    protected int Length;

    private ManualResetValueTaskSourceCore<FlushResult> _source;
    private bool _isWaitedFor; // under the connection's lock

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => Length;

    /// <summary>Nothing waits for the socket to take more.</summary>
    public abstract bool IsIdle { get; }

    /// <summary>Whoever waits goes on within the loop; else on the thread pool.</summary>
    public bool IsInline
    {
        get => !_source.RunContinuationsAsynchronously;
        set => _source.RunContinuationsAsynchronously = !value;
    }

    /// <summary>Nothing goes out any more; under the connection's lock.</summary>
    protected bool IsOver { get; set; }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(ref Block, Length, sizeHint);
        return Block.AsMemory(Length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(ref Block, Length, sizeHint);
        return Block.AsSpan(Length);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (Block?.Length ?? 0) - Length);
        Length += bytes;
    }

    public override void CancelPendingFlush()
    {
        lock (connection)
        {
            if (!StopsWaiting())
                return;
        }
        _source.SetResult(new FlushResult(isCanceled: true, IsOver));
    }

    /// <summary>Of a flush that need not wait; under the connection's lock.</summary>
    protected ValueTask<FlushResult> Flushed() => new(new FlushResult(isCanceled: false, IsOver));

    /// <summary>Of a flush that waits; under the connection's lock.</summary>
    protected ValueTask<FlushResult> Wait()
    {
        _isWaitedFor = true;
        _source.Reset();
        return new ValueTask<FlushResult>(this, _source.Version);
    }

    /// <summary>
    /// True where a flush waited: <see cref="GoOn"/> is to follow, outside the connection's lock.
    /// </summary>
    protected bool StopsWaiting()
    {
        var did = _isWaitedFor;
        _isWaitedFor = false;
        return did;
    }

    protected void GoOn() => _source.SetResult(new FlushResult(isCanceled: false, IsOver));

    protected void MakeRoom(ref byte[]? block, int length, int least)
    {
        if (block is null)
        {
            block = connection.Loop.RentBlock(least);
            return;
        }
        least = Math.Max(1, least);
        if (block.Length - length < least)
        {
            var larger = connection.Loop.RentBlock(Math.Max(2 * block.Length, length + least));
            block.AsSpan(0, length).CopyTo(larger);
            Drop(ref block);
            block = larger;
        }
    }

    protected void Drop(ref byte[]? block)
    {
        if (block is not null)
            connection.Loop.ReturnBlock(block);
        block = null;
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
