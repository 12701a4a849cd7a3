using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Intake;

/// <summary>
/// Carries the requests with a key of one shard into the log, on a thread of its own: (1) wait for
/// one, (2) gather all that wait, (3) append them in one call, (4) free their keys and let the
/// requests go on. A key is in flight from the moment its request is added until its outcome is
/// known, also where the request has been told before that nobody knows.
/// </summary>
internal sealed partial class OnceWriter : IDisposable
{
    private const string StoppingReason =
        "The consumer stopped before the log had answered.";

    private readonly int _shard;
    private readonly IOnceLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _givingUp;
    private readonly Channel<KeyedSubmission> _channel;
    private readonly FrameClock _clock = new();
    private readonly BlockingWait _wait = new();
    private readonly TaskCompletionSource _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The round is the writer's own; all else here is also the requests' and the stall watch's.
    private readonly OnceRound _round = new();
    private readonly Lock _gate = new();
    private readonly HashSet<RequestKey> _inFlight = [];
    private List<KeyedSubmission> _waiting = []; // for the round; empty once they were given up
    private long _appendStarted; // timestamp; 0 while no call is under way
    private bool _stalled;

    /// <param name="givingUp">Ends calls for good: the program stops, and the log is away.</param>
    public OnceWriter(
        int shard,
        int capacity,
        IOnceLog log,
        TimeProvider time,
        ILogger logger,
        CancellationToken givingUp)
    {
        _shard = shard;
        _log = log;
        _time = time;
        _logger = logger;
        _givingUp = givingUp;
        _channel = Channel.CreateBounded<KeyedSubmission>(new BoundedChannelOptions(capacity)
        {
            FullMode = BoundedChannelFullMode.Wait,
            // The writer's continuation only sets an event: it may run on the request's thread.
            AllowSynchronousContinuations = true,
        });
    }

    /// <summary>Requests that wait to be gathered.</summary>
    public int Queued => _channel.Reader.Count;

    /// <summary>Why the last call failed; null after one that did not.</summary>
    public string? Failure { get; private set; }

    public void Start() => new Thread(Run)
    {
        IsBackground = true,
        Name = $"shard {_shard} once writer",
    }.Start();

    /// <summary>
    /// Null where the request was added and is to wait; otherwise its outcome:
    /// <see cref="LogOutcome.InFlight"/>, or <see cref="LogOutcome.Unavailable"/> where too many
    /// wait or the log does not answer.
    /// </summary>
    public LogOutcome? TryAdd(in KeyedSubmission keyed)
    {
        lock (_gate)
        {
            var key = keyed.Bound.Key;
            if (_inFlight.Contains(key))
                return LogOutcome.InFlight;
            if (_stalled || !_channel.Writer.TryWrite(keyed))
                return LogOutcome.Unavailable;
            _ = _inFlight.Add(key);
            return null;
        }
    }

    /// <summary>Completes once all that was added is in the log or refused.</summary>
    public Task StopAsync()
    {
        _ = _channel.Writer.TryComplete();
        return _ended.Task;
    }

    /// <summary>
    /// Gives up on a call that takes longer than the limit: those who wait for it are told that
    /// nobody knows, those in the queue that nothing was logged. True while it lasts.
    /// </summary>
    public bool GiveUpIfStalled(TimeSpan limit)
    {
        var started = Volatile.Read(ref _appendStarted);
        var stalled = started != 0 && _time.GetElapsedTime(started) >= limit;
        List<KeyedSubmission> givenUp;
        lock (_gate)
        {
            _stalled = stalled;
            if (!stalled)
                return false;
            givenUp = TakeWaiting();
            while (_channel.Reader.TryRead(out var queued))
            {
                _ = _inFlight.Remove(queued.Bound.Key);
                givenUp.Add(queued);
            }
        }
        foreach (var keyed in givenUp)
            keyed.Submission.Complete(LogOutcome.Unavailable);
        return true;
    }

    public void Dispose() => _ = _channel.Writer.TryComplete();

    private void Run()
    {
        try
        {
            while (_wait.For(_channel.Reader.WaitToReadAsync()))
            {
                Gather();
                if (_round.Appends.Count > 0)
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

    private void Gather()
    {
        _round.Clear();
        lock (_gate)
        {
            while (_channel.Reader.TryPeek(out var next) && _round.TryTake(next))
            {
                _ = _channel.Reader.TryRead(out _);
                _waiting.Add(next);
            }
        }
    }

    private void Append()
    {
        var receivedAt = _clock.Stamp(_time.GetUtcNow().UtcTicks, _round.Count);
        Volatile.Write(ref _appendStarted, _time.GetTimestamp());
        try
        {
            _givingUp.ThrowIfCancellationRequested();
            var outcomes = _wait.For(_log.AppendOnceAsync(
                _shard, _round.Appends, receivedAt, _givingUp));
            Failure = outcomes.Contains(OnceOutcome.Full)
                ? "Too many trades wait to be counted."
                : null;
            Complete(outcomes);
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
        Complete(null);
    }

    /// <param name="outcomes">Null where the call failed.</param>
    private void Complete(OnceOutcome[]? outcomes)
    {
        List<KeyedSubmission> waiting;
        lock (_gate)
        {
            // Before the answers: whoever repeats after one is not told that it is in flight.
            foreach (var append in _round.Appends)
                _ = _inFlight.Remove(append.Bound.Key);
            waiting = TakeWaiting();
        }
        for (var i = 0; i < waiting.Count; i++)
        {
            waiting[i].Submission.Complete(outcomes?[i] switch
            {
                OnceOutcome.Logged => LogOutcome.Logged,
                OnceOutcome.Repeated => LogOutcome.Repeated,
                OnceOutcome.OtherBody => LogOutcome.OtherBody,
                _ => LogOutcome.Unavailable,
            });
        }
    }

    private List<KeyedSubmission> TakeWaiting()
    {
        var waiting = _waiting;
        _waiting = [];
        return waiting;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Shard {Shard} takes no trades with a key: {Reason}")]
        public static partial void Unavailable(ILogger logger, int shard, string reason);

        [LoggerMessage(2, LogLevel.Critical, "The writer of keys of shard {Shard} ended")]
        public static partial void Died(ILogger logger, Exception exception, int shard);
    }
}
