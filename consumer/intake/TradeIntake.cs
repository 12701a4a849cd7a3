using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Intake;

/// <summary>Takes requests' trades into the log, spread over its shards.</summary>
internal sealed class TradeIntake : IDisposable
{
    // Requests that are parsed or wait at one time reuse theirs; a burst's surplus is let go.
    private const int PooledSubmissions = 4096;

    private readonly ConcurrentQueue<Submission> _pool = new();
    private readonly ShardWriter[] _writers;
    private readonly IntakeOptions _options;
    private readonly MemoryBudget _budget;
    private uint _next;
    private int _pooled;
    private volatile bool _stalled;

    public TradeIntake(
        ITradeLog log,
        IOptions<IntakeOptions> options,
        TimeProvider time,
        ILogger<TradeIntake> logger)
    {
        _options = options.Value;
        _budget = new MemoryBudget(_options.MaxPendingBytes);
        var producerId = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        _writers = [.. Enumerable.Range(0, log.ShardCount).Select(shard => new ShardWriter(
            shard, producerId, _options.ChannelCapacity, log, time, logger))];
    }

    /// <summary>Submissions in the channels.</summary>
    public int Queued => _writers.Sum(writer => writer.Queued);

    /// <summary>What the log keeps waiting for; null where it answers.</summary>
    public string? Stall => _stalled
        ? $"The log did not answer within {_options.StallLimit.TotalMilliseconds:0} ms."
        : null;

    /// <summary>Why the last trades were not taken; null where they were.</summary>
    public string? Failure => Stall
        ?? _writers.Select(writer => writer.Failure).FirstOrDefault(failure => failure is not null);

    public Submission Rent()
    {
        if (!_pool.TryDequeue(out var submission))
            return new Submission(_budget);
        _ = Interlocked.Decrement(ref _pooled);
        return submission;
    }

    /// <summary>Only after its wait has ended, or where it was never submitted.</summary>
    public void Return(Submission submission)
    {
        submission.Reset();
        if (Interlocked.Increment(ref _pooled) <= PooledSubmissions)
        {
            _pool.Enqueue(submission);
            return;
        }
        _ = Interlocked.Decrement(ref _pooled);
        submission.Records.Dispose();
    }

    /// <summary>
    /// Brings the submission's trades into the log. Null at once where the intake is full or the
    /// log does not answer.
    /// </summary>
    // Not async: its state machines would be 150 bytes for each request that waits.
    public ValueTask<LogOutcome?> SubmitAsync(Submission submission)
    {
        var writer = _writers[Interlocked.Increment(ref _next) % _writers.Length];
        return _stalled || !writer.TryAdd(submission)
            ? ValueTask.FromResult<LogOutcome?>(null)
            : submission.WaitAsync();
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

    public Task StopAsync() => Task.WhenAll(_writers.Select(writer => writer.StopAsync()));

    public void Dispose()
    {
        foreach (var writer in _writers)
            writer.Dispose();
    }
}
