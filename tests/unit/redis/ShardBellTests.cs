using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

public sealed class ShardBellTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_WithTimersThatNeverFire_EndsByTheRingOfAnAppend()
    {
        await using var bench = await ShardBench.StartAsync();
        var lease = await bench.TakeAsync(time: new NoTimers());
        await HeardAsync(bench.BackEnd.Bell);
        var log = new RedisTradeLog(
            bench.BackEnd,
            await RedisServerSettings.OpenAsync(bench.BackEnd.Link, TimeProvider.System),
            TimeProvider.System);
        var frames = new ProducerFrames(seed: 1);
        for (var i = 0; i < 20; i++)
        {
            var waiting = lease.WaitAsync(Cancellation).AsTask();
            // Now the wait has looked, or it has not: neither may miss the frame.
            if (i % 2 == 0)
                await bench.CallAsync(redis => redis.PingAsync());
            await log.AppendAsync(0, frames.Next(7, 3, SampleFrames.StartTicks + i), Cancellation);
            await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
            var batch = await lease.ReadAsync(Cancellation);
            await lease.CommitAsync(
                new ShardCommit(batch.EndPosition, 0, 0, 3 * (i + 1), [], []), Cancellation);
        }
        await lease.DisposeAsync();
    }

    [Fact]
    public async Task Wait_WhereNobodyRings_EndsByLooking()
    {
        await using var bench = await ShardBench.StartAsync();
        var lease = await bench.TakeAsync();
        var waiting = lease.WaitAsync(Cancellation).AsTask();
        var frame = new ProducerFrames(seed: 1).Next(7, 3, SampleFrames.StartTicks);
        _ = await bench.PushAsync(0, frame);
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(frame, (await lease.ReadAsync(Cancellation)).Frames.ToArray());
        await lease.DisposeAsync();
    }

    // Subscribing takes a moment; what rings before it is lost.
    private static async Task HeardAsync(ShardBell bell)
    {
        var next = bell.NextAsync(0);
        await Eventually.HoldsAsync(
            () =>
            {
                bell.Ring(0);
                return next.IsCompleted;
            },
            "the bell is heard");
    }

    private sealed class NoTimers : TimeProvider
    {
        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(
                callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
