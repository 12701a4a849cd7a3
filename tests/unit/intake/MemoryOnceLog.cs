using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Intake;

/// <summary>A log in memory that remembers keys and can be made to wait or to fail.</summary>
internal sealed class MemoryOnceLog(int shards = 1) : IOnceLog
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RequestKey, BodyDigest> _keys = [];
    private TaskCompletionSource? _closed;
    private volatile int _begun;

    public int ShardCount => shards;

    public bool Fails { get; set; }

    /// <summary>Calls that began, those that wait included.</summary>
    public int Begun => _begun;

    public List<(int Shard, int Requests, long ReceivedAtTicks)> Calls { get; } = [];

    /// <summary>Records of all requests that were logged.</summary>
    public List<byte[]> Requests { get; } = [];

    /// <summary>Calls wait from now on.</summary>
    public void Close() => _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Calls go on.</summary>
    public void Open()
    {
        var closed = _closed;
        _closed = null;
        closed?.SetResult();
    }

    public async ValueTask<OnceOutcome[]> AppendOnceAsync(
        int shard,
        IReadOnlyList<OnceAppend> appends,
        long receivedAtTicks,
        CancellationToken cancellation)
    {
        var closed = _closed;
        _ = Interlocked.Increment(ref _begun);
        if (closed is not null)
            await closed.Task.WaitAsync(cancellation);
        if (Fails)
            throw new LogUnavailableException("The test's log fails.");
        lock (_gate)
        {
            Calls.Add((shard, appends.Count, receivedAtTicks));
            return [.. appends.Select(Append)];
        }
    }

    private OnceOutcome Append(OnceAppend append)
    {
        if (_keys.TryGetValue(append.Bound.Key, out var body))
            return body == append.Bound.Body ? OnceOutcome.Repeated : OnceOutcome.OtherBody;
        _keys.Add(append.Bound.Key, append.Bound.Body);
        Requests.Add(append.Records.ToArray());
        return OnceOutcome.Logged;
    }
}
