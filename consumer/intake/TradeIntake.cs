using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
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
    private uint _next;
    private int _pooled;
    private long _pendingBytes;
    private volatile bool _stalled;

    public TradeIntake(
        ITradeLog log,
        IOptions<IntakeOptions> options,
        TimeProvider time,
        ILogger<TradeIntake> logger)
    {
        _options = options.Value;
        var producerId = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        _writers = [.. Enumerable.Range(0, log.ShardCount).Select(shard => new ShardWriter(
            shard, producerId, _options.ChannelCapacity, log, time, logger))];
    }

    /// <summary>Submissions in the channels.</summary>
    public int Queued => _writers.Sum(writer => writer.Queued);

    /// <summary>Why no trades are taken now; null where they are.</summary>
    public string? Failure => _stalled
        ? $"The log did not answer within {_options.StallLimit.TotalMilliseconds:0} ms."
        : _writers.Select(writer => writer.Failure).FirstOrDefault(failure => failure is not null);

    public Submission Rent()
    {
        if (!_pool.TryDequeue(out var submission))
            return new Submission();
        _ = Interlocked.Decrement(ref _pooled);
        return submission;
    }

    /// <summary>Only after its wait has ended, or where it was never submitted.</summary>
    public void Return(Submission submission)
    {
        _ = Interlocked.Add(ref _pendingBytes, -submission.PendingBytes);
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
        submission.PendingBytes = submission.Records.Length;
        var pending = Interlocked.Add(ref _pendingBytes, submission.PendingBytes);
        var writer = _writers[Interlocked.Increment(ref _next) % _writers.Length];
        return _stalled || pending > _options.MaxPendingBytes || !writer.TryAdd(submission)
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
