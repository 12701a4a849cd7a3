using StackExchange.Redis;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;
using Aggregate = TradeProcessor.Contracts.Aggregate;

namespace TradeProcessor.Tests.Unit.Redis;

public sealed class SummaryTests
{
    private static readonly DateTime Now = new(2026, 3, 1, 0, 0, 2, 500, DateTimeKind.Utc);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task WriteAsync(RedisBackEnd backEnd, Func<IDatabase, Task> write) =>
        await backEnd.Link.CallAsync(async redis =>
        {
            await write(redis);
            return true;
        });

    private static Task CountAsync(RedisBackEnd backEnd, int shard, DateTime second, long trades)
    {
        var interval = new IntervalKey(Resolution.Second, second.Ticks);
        var total = new Aggregate { Count = trades };
        return WriteAsync(backEnd, redis => redis.HashSetAsync(
            RedisKeys.Totals(shard, interval),
            RedisKeys.Number(interval),
            RedisCells.Total(new IntervalStamp(1, 1), total, second.Ticks)));
    }

    [Fact]
    public async Task Summary_OfNothing_IsZero()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var store = new RedisStore(backEnd, new ManualTime(Now));
        var epoch = await backEnd.EpochAsync(Cancellation);
        Assert.Equal(
            new StoreSummary(epoch, 0, 0, 0, 0, 0, 0, null),
            await store.SummaryAsync(Cancellation));
    }

    [Fact]
    public async Task Summary_OfTwoShards_AddsThemUp()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var time = new ManualTime(Now);
        var store = new RedisStore(backEnd, time);
        var since = Now.AddDays(-3);
        await WriteAsync(backEnd, redis => redis.HashSetAsync(
            RedisKeys.State(0), [new("total", 10), new("since", since.Ticks + 5)]));
        await WriteAsync(backEnd, redis => redis.HashSetAsync(
            RedisKeys.State(1), [new("total", 32), new("since", since.Ticks)]));
        await WriteAsync(backEnd, redis => redis.HashSetAsync(
            RedisKeys.RejectCounts, [new("total", 9), new("required", 9)]));
        await WriteAsync(backEnd, redis => redis.SetAddAsync(
            RedisKeys.Pairs(0), ["EUR/GBP", "EUR/USD"]));
        await WriteAsync(backEnd, redis => redis.SetAddAsync(
            RedisKeys.Pairs(1), ["EUR/GBP", "GBP/USD"]));
        await WriteAsync(backEnd, redis => redis.SetAddAsync(RedisKeys.Countries(1), ["FR"]));
        // The five whole seconds lie on both sides of a bucket's edge; the others do not count.
        var second = new DateTime(2026, 3, 1, 0, 0, 2, DateTimeKind.Utc);
        await CountAsync(backEnd, 0, second, 1_000);
        await CountAsync(backEnd, 0, second.AddSeconds(-1), 100);
        await CountAsync(backEnd, 1, second.AddSeconds(-5), 50);
        await CountAsync(backEnd, 1, second.AddSeconds(-6), 7_000);
        var epoch = await backEnd.EpochAsync(Cancellation);
        Assert.Equal(
            new StoreSummary(epoch, 42, 9, 3, 1, 0, 30, since),
            await store.SummaryAsync(Cancellation));

        // Frames wait: the lag is the age of the oldest, in either shard.
        var sample = new SampleFrames(1);
        foreach (var (shard, age) in new[] { (0, 2), (1, 4), (1, 1) })
        {
            var frame = sample.Frame(3, Now.AddSeconds(-age).Ticks);
            await WriteAsync(
                backEnd, redis => redis.ListRightPushAsync(RedisKeys.Log(shard), frame));
        }
        await WriteAsync(backEnd, redis => redis.SetAddAsync(RedisKeys.Pairs(0), "CHF/USD"));
        Assert.Equal(0, (await store.SummaryAsync(Cancellation)).LagSeconds); // shared
        time.Advance(TimeSpan.FromMilliseconds(100));
        var later = await store.SummaryAsync(Cancellation);
        Assert.Equal(4.1, later.LagSeconds, tolerance: 0.001);
        Assert.Equal(4, later.Pairs);
    }

    [Fact]
    public async Task Summary_AfterARedisWasEmptied_HasAnotherEpochAndItsNames()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var time = new ManualTime(Now);
        var store = new RedisStore(backEnd, time);
        await WriteAsync(backEnd, redis => redis.SetAddAsync(RedisKeys.Pairs(0), "EUR/GBP"));
        await WriteAsync(backEnd, redis => redis.SetAddAsync(RedisKeys.Pairs(1), "EUR/USD"));
        var before = await store.SummaryAsync(Cancellation);
        Assert.Equal(2, before.Pairs);
        await WriteAsync(backEnd, redis => redis.ExecuteAsync("FLUSHALL"));
        // As many names in each shard as before, but the same ones.
        await WriteAsync(backEnd, redis => redis.SetAddAsync(RedisKeys.Pairs(0), "CHF/GBP"));
        await WriteAsync(backEnd, redis => redis.SetAddAsync(RedisKeys.Pairs(1), "CHF/GBP"));
        time.Advance(TimeSpan.FromSeconds(1));
        var after = await store.SummaryAsync(Cancellation);
        Assert.NotEqual(before.Epoch, after.Epoch);
        Assert.Equal(1, after.Pairs);
    }
}
