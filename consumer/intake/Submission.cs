using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using TradeProcessor.Consumer.Bodies;

namespace TradeProcessor.Consumer.Intake;

/// <summary>What became of a request's trades.</summary>
internal enum LogOutcome
{
    /// <summary>All of them are in the log.</summary>
    Logged,

    /// <summary>The log does not take them now, or nobody knows whether it did.</summary>
    Unavailable,

    /// <summary>They are in the log already, under the same key.</summary>
    Repeated,

    /// <summary>The key is that of another body; nothing was logged.</summary>
    OtherBody,

    /// <summary>What became of the key's first request is not known yet; nothing was logged.</summary>
    InFlight,
}

/// <summary>
/// The accepted trades of one request on their way into the log, and the request's wait for it.
/// Used again and again; one request owns it at a time.
/// </summary>
internal sealed class Submission : IValueTaskSource<LogOutcome?>
{
    private ManualResetValueTaskSourceCore<LogOutcome?> _wait;
    private LogOutcome _outcome;

    public Submission(MemoryBudget budget)
    {
        Records = new RecordBuffer(budget);
        Walk = new BodyWalk(Records, Errors);
    }

    public RecordBuffer Records { get; }

    public BatchErrors Errors { get; } = new();

    /// <summary>Reads the request's body into the two.</summary>
    public BodyWalk Walk { get; }

    /// <summary>Bytes of the records that are already in a frame; the writer's own.</summary>
    public int TakenBytes { get; set; }

    /// <summary>Where the request goes on; on the thread pool where it is null.</summary>
    public PipeScheduler? Scheduler { get; set; }

    public ValueTask<LogOutcome?> WaitAsync() => new(this, _wait.Version);

    // The thread that completes it is the shard's writer, which must not run requests.
    public void Complete(LogOutcome outcome)
    {
        _wait.RunContinuationsAsynchronously = Scheduler is null;
        if (Scheduler is null)
        {
            _wait.SetResult(outcome);
            return;
        }
        _outcome = outcome;
        Scheduler.Schedule(
            static state =>
            {
                var submission = (Submission)state!;
                submission._wait.SetResult(submission._outcome);
            },
            this);
    }

    public void Reset()
    {
        Records.Reset();
        Errors.Reset();
        TakenBytes = 0;
        Scheduler = null;
        _wait.Reset();
    }

    LogOutcome? IValueTaskSource<LogOutcome?>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<LogOutcome?>.GetStatus(short token) =>
        _wait.GetStatus(token);

    void IValueTaskSource<LogOutcome?>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);
}
