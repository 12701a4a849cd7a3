using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>Counts frames the plain way: every trade into every interval.</summary>
internal sealed class TradeOracleCells
{
    private readonly Dictionary<IntervalKey, Dictionary<CellKey, Aggregate>> _intervals = [];

    public long Trades { get; private set; }

    public void Add(byte[] frame)
    {
        Assert.Equal(FrameStatus.Whole, TradeFrame.Read(frame, out var header));
        var atTicks = header.ReceivedAtTicks;
        foreach (var record in TradeFrame.Records(frame, header))
        {
            var trade = Aggregate.Of(record.AmountSell, record.AmountBuy, record.Rate, atTicks++);
            foreach (var resolution in Resolutions.All)
            {
                var interval = new IntervalKey(
                    resolution, resolution.StartOf(header.ReceivedAtTicks));
                if (!_intervals.TryGetValue(interval, out var cells))
                    _intervals[interval] = cells = [];
                var key = new CellKey(record.Pair, record.Country);
                var value = cells.GetValueOrDefault(key);
                value.Merge(trade);
                cells[key] = value;
            }
            Trades++;
        }
    }

    /// <summary>Every interval's cells over all shards are these, and so are the totals.</summary>
    public async Task AssertStoredAsync(ShardBench bench)
    {
        foreach (var (interval, expected) in _intervals)
        {
            var stored = new Dictionary<CellKey, Aggregate>();
            var total = default(Aggregate);
            for (var shard = 0; shard < bench.BackEnd.ShardCount; shard++)
            {
                var cells = await bench.CallAsync(
                    redis => StoredCells.ReadAsync(redis, shard, interval));
                foreach (var cell in cells.ToList())
                {
                    var value = stored.GetValueOrDefault(cell.Key);
                    value.Merge(cell.Value);
                    stored[cell.Key] = value;
                }
                total.Merge(await TotalAsync(bench, shard, interval));
            }
            Assert.Equal(expected, stored);
            var expectedTotal = default(Aggregate);
            foreach (var value in expected.Values)
                expectedTotal.Merge(value);
            Assert.Equal(expectedTotal, total);
        }
    }

    private static async Task<Aggregate> TotalAsync(
        ShardBench bench, int shard, IntervalKey interval)
    {
        var bytes = await bench.CallAsync(database => database.HashGetAsync(
            RedisKeys.Totals(shard, interval), RedisKeys.Number(interval)));
        return bytes.IsNull
            ? default
            : RedisCells.ReadTotal((byte[])bytes!, interval.StartTicks).Total;
    }
}
