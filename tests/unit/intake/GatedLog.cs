using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Intake;

/// <summary>A log in memory that can be made to wait or to fail.</summary>
internal sealed class GatedLog : ITradeLog
{
    private readonly Lock _gate = new();
    private readonly List<byte[]> _frames = [];
    private TaskCompletionSource? _closed;

    public int ShardCount => 1;

    public int FramePayloadBytes => TradeFrame.MaxPayloadBytes;

    public Durability Durability => Durability.Memory;

    public bool Fails { get; set; }

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

    /// <summary>Appends wait from now on.</summary>
    public void Close() => _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Appends go on.</summary>
    public void Open()
    {
        var closed = _closed;
        _closed = null;
        closed?.SetResult();
    }

    public async ValueTask AppendAsync(
        int shard, ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        if (_closed is { } closed)
            await closed.Task;
        if (Fails)
            throw new LogUnavailableException("The test's log fails.");
        lock (_gate)
            _frames.Add(frame.ToArray());
    }

    public ValueTask ProbeAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
}
