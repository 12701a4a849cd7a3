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
    private readonly TimeProvider _time;
    private readonly MemoryBudget _budget;
    private readonly CancellationTokenSource _givingUp = new();
    private uint _next;
    private int _pooled;

    public TradeIntake(
        ITradeLog log,
        IOptions<IntakeOptions> options,
        TimeProvider time,
        ILogger<TradeIntake> logger)
    {
        _options = options.Value;
        _time = time;
        _budget = new MemoryBudget(_options.MaxPendingBytes);
        var producerId = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        _writers = [.. Enumerable.Range(0, log.ShardCount).Select(shard => new ShardWriter(
            shard, producerId, _options.ChannelCapacity, log, time, logger, _givingUp.Token))];
    }

    /// <summary>Submissions in the channels.</summary>
    public int Queued => _writers.Sum(writer => writer.Queued);

    /// <summary>Which shards of the log keep waiting; null where all answer.</summary>
    public string? Stall
    {
        get
        {
            var stalled = _writers.Where(writer => writer.IsStalled).ToList();
            if (stalled.Count == 0)
                return null;
            var what = stalled.Count == _writers.Length
                ? "The log"
                : $"Shard {string.Join(", ", stalled.Select(writer => writer.Shard))} of the log";
            return $"{what} did not answer within {_options.StallLimit.TotalMilliseconds:0} ms.";
        }
    }

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
    /// Brings the submission's trades into the log, by shards in turn. Null at once where each of
    /// them is full or does not answer.
    /// </summary>
    // Not async: its state machines would be 150 bytes for each request that waits.
    public ValueTask<LogOutcome?> SubmitAsync(Submission submission) => TryAdd(submission)
        ? submission.WaitAsync()
        : ValueTask.FromResult<LogOutcome?>(null);

    /// <summary>The same for a submission that is waited for already.</summary>
    public void Submit(Submission submission)
    {
        if (!TryAdd(submission))
            submission.Complete(LogOutcome.Unavailable);
    }

    private bool TryAdd(Submission submission)
    {
        var first = Interlocked.Increment(ref _next);
        for (var i = 0u; i < _writers.Length; i++)
        {
            var writer = _writers[unchecked(first + i) % (uint)_writers.Length];
            if (!writer.IsStalled && writer.TryAdd(submission))
                return true;
        }
        return false;
    }

    public void Start()
    {
        foreach (var writer in _writers)
            writer.Start();
    }

    /// <summary>To be called a few times within <see cref="IntakeOptions.StallLimit"/>.</summary>
    public void CheckForStall()
    {
        foreach (var writer in _writers)
            writer.GiveUpIfStalled(_options.StallLimit);
    }

    /// <summary>
    /// Completes once all that was submitted is in the log, or refused because that took longer
    /// than <see cref="IntakeOptions.DrainLimit"/>.
    /// </summary>
    public Task StopAsync() => WriterDrain.EndAsync(
        _writers.Select(writer => writer.StopAsync()), _options.DrainLimit, _time, _givingUp);

    public void Dispose()
    {
        foreach (var writer in _writers)
            writer.Dispose();
        _givingUp.Dispose();
    }
}
