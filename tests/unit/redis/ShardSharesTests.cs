using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

public sealed class ShardSharesTests
{
    [Fact]
    public void Of_AnyWorkersAndShards_AddsUpAndDiffersByOne()
    {
        for (var shards = 1; shards < 20; shards++)
        {
            for (var count = 1; count < 20; count++)
            {
                var workers = Enumerable.Range(0, count).Select(i => $"worker/{i}").ToList();
                var shares = workers.ConvertAll(x => ShardShares.Of(x, workers, shards));
                Assert.Equal(shards, shares.Sum());
                Assert.InRange(shares.Max() - shares.Min(), 0, 1);
            }
        }
    }
}
