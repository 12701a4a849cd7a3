using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Intake;

/// <summary>
/// Takes requests with a key into the log, each key at the shard that knows it: a lane of its own
/// beside <see cref="TradeIntake"/>.
/// </summary>
internal sealed class OnceIntake : IDisposable
{
    private readonly IOnceLog _log;
    private readonly OnceWriter[] _writers;
    private readonly IntakeOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _givingUp = new();
    private volatile bool _stalled;

    public OnceIntake(
        IOnceLog log, IOptions<IntakeOptions> options, TimeProvider time, ILogger<OnceIntake> logger)
    {
        _log = log;
        _options = options.Value;
        _time = time;
        _writers = [.. Enumerable.Range(0, log.ShardCount).Select(shard => new OnceWriter(
            shard, _options.ChannelCapacity, log, time, logger, _givingUp.Token))];
    }

    /// <summary>Requests in the channels.</summary>
    public int Queued => _writers.Sum(writer => writer.Queued);

    /// <summary>What the log keeps waiting for; null where it answers.</summary>
    public string? Stall => _stalled
        ? $"The log did not answer within {_options.StallLimit.TotalMilliseconds:0} ms."
        : null;

    /// <summary>Why the last trades were not taken; null where they were.</summary>
    public string? Failure => Stall
        ?? _writers.Select(writer => writer.Failure).FirstOrDefault(failure => failure is not null);

    /// <summary>
    /// Brings the request's trades into the log, unless its key is known. At once
    /// <see cref="LogOutcome.InFlight"/> where the key's outcome is not known yet, and
    /// <see cref="LogOutcome.Unavailable"/> where the intake is full or the log does not answer.
    /// </summary>
    public ValueTask<LogOutcome?> SubmitAsync(in KeyedSubmission keyed)
    {
        var outcome = _writers[_log.ShardOf(keyed.Bound.Key)].TryAdd(keyed);
        return outcome is null
            ? keyed.Submission.WaitAsync()
            : ValueTask.FromResult(outcome);
    }

    public void Start()
    {
        foreach (var writer in _writers)
            writer.Start();
    }

    /// <summary>To be called a few times within <see cref="IntakeOptions.StallLimit"/>.</summary>
    public void CheckForStall()
    {
        var stalled = false;
        foreach (var writer in _writers)
            stalled |= writer.GiveUpIfStalled(_options.StallLimit);
        _stalled = stalled;
    }

    /// <summary>
    /// Completes once all that was submitted is in the log, or refused because that took longer
    /// than <see cref="IntakeOptions.DrainLimit"/>.
    /// </summary>
    public Task StopAsync() => WriterDrain.EndAsync(
        _writers.Select(writer => writer.StopAsync()), _options.DrainLimit, _time, _givingUp);

    /// <summary>Ends calls that are still under way.</summary>
    public void Dispose()
    {
        foreach (var writer in _writers)
            writer.Dispose();
        _givingUp.Cancel();
        _givingUp.Dispose();
    }
}
