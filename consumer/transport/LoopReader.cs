using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// The reading side of a <see cref="LoopConnection"/>: one read at a time may wait, and it goes on
/// within the loop or on the thread pool.
/// </summary>
internal abstract class LoopReader : PipeReader, IValueTaskSource<ReadResult>
{
    /// <summary>Of the read that waits.</summary>
    protected ManualResetValueTaskSourceCore<ReadResult> Source;

    private CancellationTokenRegistration _registration;

    /// <summary>Whoever waits goes on within the loop; else on the thread pool.</summary>
    public bool IsInline
    {
        get => !Source.RunContinuationsAsynchronously;
        set => Source.RunContinuationsAsynchronously = !value;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <summary>
    /// True where a read waited; whoever is told so goes on in the name of the one who waits.
    /// </summary>
    protected abstract bool StopsWaiting();

    /// <summary>What a read that has waited gives.</summary>
    protected virtual ReadResult Finish(ReadResult found) => found;

    /// <summary>Ends the read that waits when it is cancelled.</summary>
    protected void EndOn(CancellationToken cancellation)
    {
        if (cancellation.CanBeCanceled)
        {
            _registration = cancellation.UnsafeRegister(
                static (state, token) => ((LoopReader)state!).Fail(token), this);
        }
    }

    private void Fail(CancellationToken cancelled)
    {
        if (StopsWaiting())
            Source.SetException(new OperationCanceledException(cancelled));
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        if (_registration != default)
        {
            _registration.Dispose();
            _registration = default;
        }
        return Finish(Source.GetResult(token));
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) =>
        Source.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        Source.OnCompleted(continuation, state, token, flags);
}
