using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Intake;

/// <summary>A log in memory whose shards can be made to wait, and which can be made to fail.</summary>
internal sealed class GatedLog(
    int shards = 1, int framePayloadBytes = TradeFrame.MaxPayloadBytes) : ITradeLog
{
    private readonly Lock _gate = new();
    private readonly List<byte[]> _frames = [];
    private readonly TaskCompletionSource?[] _closed = new TaskCompletionSource?[shards];
    private int _held;

    public int ShardCount => shards;

    public int FramePayloadBytes => framePayloadBytes;

    public Durability? Durability => TradeProcessor.Contracts.Durability.Memory;

    public bool Fails { get; set; }

    /// <summary>Appends that have come to a closed shard so far.</summary>
    public int Held => Volatile.Read(ref _held);

    public List<byte[]> Frames
    {
        get
        {
            lock (_gate)
                return [.. _frames];
        }
    }

    public List<byte[]> Records
    {
        get
        {
            var records = new List<byte[]>();
            foreach (var frame in Frames)
            {
                Assert.Equal(FrameStatus.Whole, TradeFrame.Read(frame, out var header));
                foreach (var record in TradeFrame.Records(frame, header))
                    records.Add(record.Bytes.ToArray());
            }
            return records;
        }
    }

    /// <summary>Appends to the shard wait from now on.</summary>
    public void Close(int shard = 0) =>
        _closed[shard] = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Appends go on.</summary>
    public void Open()
    {
        for (var shard = 0; shard < shards; shard++)
            Interlocked.Exchange(ref _closed[shard], null)?.SetResult();
    }

    public async ValueTask AppendAsync(
        int shard, ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        if (_closed[shard] is { } closed)
        {
            _ = Interlocked.Increment(ref _held);
            await closed.Task.WaitAsync(cancellation);
        }
        if (Fails)
            throw new LogUnavailableException("The test's log fails.");
        lock (_gate)
            _frames.Add(frame.ToArray());
    }

    public ValueTask ProbeAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
}
