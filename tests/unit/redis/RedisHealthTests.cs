using StackExchange.Redis;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Processes;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>What a page is told of shards and processes, and what a reset leaves.</summary>
public sealed class RedisHealthTests
{
    private static readonly DateTime Now = new(2026, 3, 1, 0, 0, 30, DateTimeKind.Utc);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ProcessReport Report(string id, long viewers = 0) =>
        new(id, "frontend", "1.0", Now, Now, 1000, 0.25, Viewers: viewers, AckP99Seconds: 0.004);

    [Fact]
    public async Task Processes_Report_AreListedWithTheirLastWord()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var board = new RedisProcessBoard(backEnd, TimeProvider.System);
        Assert.Empty(await board.ListAsync(Cancellation));

        await board.ReportAsync(Report("b/2"), Cancellation);
        await board.ReportAsync(Report("a/1", viewers: 3), Cancellation);
        await board.ReportAsync(Report("a/1", viewers: 4), Cancellation);
        var other = new RedisProcessBoard(backEnd, TimeProvider.System); // of another frontend
        Assert.Equal(
            [Report("a/1", viewers: 4), Report("b/2")], await other.ListAsync(Cancellation));
    }

    [Fact]
    public async Task Processes_SilentForAMinute_AreTakenOut()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var board = new RedisProcessBoard(backEnd, TimeProvider.System);
        await board.ReportAsync(Report("old/1"), Cancellation);
        // As if it had been said long ago, by the server's clock.
        _ = await server.CallAsync("ZADD tp:{processes}:times 1000 old/1");
        await board.ReportAsync(Report("new/2"), Cancellation);
        Assert.Equal([Report("new/2")], await board.ListAsync(Cancellation));
    }

    [Fact]
    public async Task Shards_OwnedAndNot_SayWhatWaits()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var frames = new ProducerFrames(seed: 7);
        foreach (var secondsAgo in (int[])[12, 5])
        {
            var frame = frames.Next(1, 3, Now.AddSeconds(-secondsAgo).Ticks);
            _ = await backEnd.Link.CallAsync(
                redis => redis.ListRightPushAsync(RedisKeys.Log(1), frame), Cancellation);
        }
        _ = await backEnd.Link.CallAsync(
            redis => redis.StringSetAsync(RedisKeys.Lease(0), "desk/42/ab12:99"), Cancellation);

        var shards = await new RedisStoreHealth(backEnd, new ManualTime(Now))
            .ShardsAsync(Cancellation);
        Assert.Equal(new ShardHealth(0, "desk/42", 0, null, 0, 0), shards[0]);
        Assert.Equal((1, null, 2L, 12), (
            shards[1].Shard, shards[1].Owner, shards[1].WaitingFrames, shards[1].BehindSeconds));
        Assert.InRange(shards[1].LogBytes, 1, 100_000);
    }

    [Fact]
    public async Task Reset_LeavesOnlyFences_AndAnotherEpoch()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var before = await backEnd.EpochAsync(Cancellation);
        var frame = new ProducerFrames(seed: 9).Next(1, 3, Now.Ticks);
        _ = await backEnd.Link.CallAsync(
            redis => redis.ListRightPushAsync(RedisKeys.Log(1), frame), Cancellation);
        _ = await backEnd.Link.CallAsync(
            redis => redis.HashSetAsync(RedisKeys.State(0), "total", 5), Cancellation);
        _ = await backEnd.Link.CallAsync(
            redis => redis.StringSetAsync(RedisKeys.Fence(0), "77"), Cancellation);
        _ = await backEnd.Link.CallAsync(
            redis => redis.StringSetAsync("another program's", "stays"), Cancellation);

        Assert.Equal(2, await RedisReset.RunAsync(backEnd));
        Assert.NotEqual(before, await backEnd.EpochAsync(Cancellation));
        var summary = await new RedisStore(backEnd, new ManualTime(Now)).SummaryAsync(Cancellation);
        Assert.Equal(0, summary.Aggregated);
        var left = (RedisResult[])(await backEnd.Link.CallAsync(
            redis => redis.ScriptEvaluateAsync("return redis.call('KEYS', '*')"), Cancellation))!;
        Assert.Equal(
            ["another program's", "tp:meta", "tp:{0}:fence", "tp:{1}:fence"],
            left.Select(key => (string)key!).Order(StringComparer.Ordinal));
        // A worker that held the shard is refused from now on.
        var fence = await backEnd.Link.CallAsync(
            redis => redis.StringGetAsync(RedisKeys.Fence(0)), Cancellation);
        Assert.True((long)fence > 77);
    }
}
