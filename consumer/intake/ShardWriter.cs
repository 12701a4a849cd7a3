using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Intake;

/// <summary>
/// Carries the submissions of one shard into the log, on a thread of its own: (1) wait for one,
/// (2) pack all that wait into a frame, (3) append it, (4) let the requests go on. While the log
/// flushes, the next ones gather.
/// </summary>
internal sealed partial class ShardWriter : IDisposable
{
    private const string StoppingReason =
        "The consumer stopped before the log had answered.";

    private readonly int _shard;
    private readonly ITradeLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _givingUp;
    private readonly Channel<Submission> _channel;
    private readonly FramePacker _packer;
    private readonly BlockingWait _wait = new();
    private readonly TaskCompletionSource _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Shared with the stall watch: whoever takes the list completes what is in it.
    private readonly Lock _gate = new();
    private List<Submission> _taken = [];
    private List<Submission>? _spare;
    private Submission? _rest; // did not fit the frame as a whole
    private long _appendStarted; // timestamp; 0 while no append is under way
    private volatile bool _isStalled;

    /// <param name="givingUp">Ends appends for good: the program stops, and the log is away.</param>
    public ShardWriter(
        int shard,
        ulong producerId,
        int capacity,
        ITradeLog log,
        TimeProvider time,
        ILogger logger,
        CancellationToken givingUp)
    {
        _shard = shard;
        _log = log;
        _time = time;
        _logger = logger;
        _givingUp = givingUp;
        _packer = new FramePacker(producerId, log.FramePayloadBytes);
        _channel = Channel.CreateBounded<Submission>(new BoundedChannelOptions(capacity)
        {
            FullMode = BoundedChannelFullMode.Wait,
            // The writer's continuation only sets an event: it may run on the request's thread.
            AllowSynchronousContinuations = true,
        });
    }

    public int Shard => _shard;

    /// <summary>Whether its append took longer than the limit when that was last looked at.</summary>
    public bool IsStalled => _isStalled;

    /// <summary>Submissions that wait to be packed.</summary>
    public int Queued => _channel.Reader.Count;

    /// <summary>Why the last append failed; null after one that did not.</summary>
    public string? Failure { get; private set; }

    public void Start() => new Thread(Run)
    {
        IsBackground = true,
        Name = $"shard {_shard} writer",
    }.Start();

    public bool TryAdd(Submission submission) => _channel.Writer.TryWrite(submission);

    /// <summary>Completes once all that was added is in the log or refused.</summary>
    public Task StopAsync()
    {
        _ = _channel.Writer.TryComplete();
        return _ended.Task;
    }

    /// <summary>
    /// Gives up on an append that takes longer than the limit: those who wait for it are told that
    /// nobody knows, those in the queue that nothing was logged.
    /// </summary>
    public void GiveUpIfStalled(TimeSpan limit)
    {
        var started = Volatile.Read(ref _appendStarted);
        _isStalled = started != 0 && _time.GetElapsedTime(started) >= limit;
        if (!_isStalled)
            return;
        Complete(LogOutcome.Unavailable, withRest: true);
        while (_channel.Reader.TryRead(out var queued))
            queued.Complete(LogOutcome.Unavailable);
    }

    /// <summary>Ends the thread, where nobody has waited for that.</summary>
    public void Dispose() => _ = _channel.Writer.TryComplete();

    private void Run()
    {
        try
        {
            while (HasRest || _wait.For(_channel.Reader.WaitToReadAsync()))
            {
                Pack();
                if (_packer.Count > 0)
                    Append();
            }
            _ended.SetResult();
        }
        catch (Exception exception)
        {
            Log.Died(_logger, exception, _shard);
            _ended.SetException(exception);
            throw;
        }
        finally
        {
            _wait.Dispose();
        }
    }

    private bool HasRest
    {
        get
        {
            lock (_gate)
                return _rest is not null;
        }
    }

    private void Pack()
    {
        lock (_gate)
        {
            while (_rest is not null || _channel.Reader.TryRead(out _rest))
            {
                if (!_packer.TryTake(_rest))
                    return;
                _taken.Add(_rest);
                _rest = null;
            }
        }
    }

    private void Append()
    {
        var frame = _packer.Seal(_time.GetUtcNow().UtcTicks);
        Volatile.Write(ref _appendStarted, _time.GetTimestamp());
        try
        {
            _givingUp.ThrowIfCancellationRequested();
            _wait.For(_log.AppendAsync(_shard, frame, _givingUp));
            Failure = null;
            Complete(LogOutcome.Logged);
        }
        catch (OperationCanceledException) when (_givingUp.IsCancellationRequested)
        {
            Fail(StoppingReason);
        }
        catch (LogUnavailableException exception)
        {
            Fail(exception.Message);
        }
        finally
        {
            Volatile.Write(ref _appendStarted, 0);
        }
    }

    private void Fail(string reason)
    {
        if (Failure is null)
            Log.Unavailable(_logger, _shard, reason);
        Failure = reason;
        Complete(LogOutcome.Unavailable);
    }

    /// <param name="withRest">
    /// The submission that did not fit the frame too; else only if a part of it was in the frame,
    /// as a request of which a part was lost is lost as a whole.
    /// </param>
    private void Complete(LogOutcome outcome, bool withRest = false)
    {
        List<Submission> taken;
        lock (_gate)
        {
            if (outcome == LogOutcome.Unavailable
                && _rest is not null && (withRest || _rest.TakenBytes > 0))
            {
                _taken.Add(_rest);
                _rest = null;
            }
            taken = _taken;
            _taken = _spare ?? [];
            _spare = null;
        }
        foreach (var submission in taken)
            submission.Complete(outcome);
        taken.Clear();
        lock (_gate)
            _spare = taken;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Shard {Shard} takes no trades: {Reason}")]
        public static partial void Unavailable(ILogger logger, int shard, string reason);

        [LoggerMessage(2, LogLevel.Critical, "The writer of shard {Shard} ended")]
        public static partial void Died(ILogger logger, Exception exception, int shard);
    }
}
