using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Cells;

namespace TradeProcessor.Tests.Unit.Counting;

/// <summary>A shard that keeps what is committed, by the places that it is told.</summary>
internal sealed class CellsLease : IShardLease
{
    private readonly Dictionary<IntervalKey, OpenInterval> _intervals = [];

    public int Shard => 0;

    public long Position => 0;

    public long AggregatedTotal => 0;

    public CancellationToken Ending => CancellationToken.None;

    public void Apply(ShardCommit commit)
    {
        foreach (var changed in commit.Intervals)
        {
            if (!_intervals.TryGetValue(changed.Interval, out var interval))
                _intervals.Add(changed.Interval, interval = new(changed.Interval.StartTicks));
            var total = default(Aggregate);
            foreach (ref readonly var cell in changed.All.Span)
                total.Merge(cell.Value);
            Assert.Equal(total, changed.Total);
            for (var i = 0; i < changed.Cells.Length; i++)
            {
                var place = changed.Places.Span[i];
                Assert.Equal(changed.Cells.Span[i].Key, changed.All.Span[place].Key);
                Assert.Equal(changed.Cells.Span[i].Value, changed.All.Span[place].Value);
                _ = interval.Set(changed.Cells.Span[i], place);
            }
        }
    }

    public List<string> Lines() => PlainCounting.Lines(_intervals.ToDictionary(
        interval => interval.Key,
        interval => interval.Value.ToList().ToDictionary(cell => cell.Key, cell => cell.Value)));

    public ValueTask<IReadOnlyList<Cell>> LoadAsync(
        IntervalKey interval, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<Cell>>(
            _intervals.TryGetValue(interval, out var cells) ? cells.ToList() : []);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    void IShardLease.Rewind() => throw new NotSupportedException();

    ValueTask<int> IShardLease.FailedAsync(string reason, CancellationToken cancellation) =>
        throw new NotSupportedException();

    ValueTask IShardLease.WaitAsync(CancellationToken cancellation) =>
        throw new NotSupportedException();

    ValueTask<LogBatch> IShardLease.ReadAsync(CancellationToken cancellation) =>
        throw new NotSupportedException();

    ValueTask IShardLease.CommitAsync(ShardCommit commit, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
