using System.Diagnostics;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>A replica becomes the primary, and the link finds it by itself.</summary>
public sealed class FailoverTests
{
    private const int Shards = 2;

    // Five seconds are promised; the others are for a test machine that does other things.
    private static readonly TimeSpan Found = TimeSpan.FromSeconds(15);
    private static readonly string[] NoSyncDelay = ["--repl-diskless-sync-delay", "0"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Append_ReplicaPromoted_GoesOnThereWithAllThatWasAcknowledged(bool oldOneLives)
    {
        await using var first = await RedisServer.StartAsync(NoSyncDelay);
        await using var second = await RedisServer.StartAsync(
            [.. NoSyncDelay, "--replicaof", "127.0.0.1", $"{first.Port}"]);
        await using var third = await RedisServer.StartAsync(
            [.. NoSyncDelay, "--replicaof", "127.0.0.1", $"{second.Port}"]);
        var options = first.Options(Shards);
        options.Configuration = $"{first.Address},{second.Address}";
        options.WaitReplicas = 1;
        await using var backEnd = await first.OpenAsync(options);
        var load = new FailoverLoad(
            new RedisTradeLog(
                backEnd,
                await RedisServerSettings.OpenAsync(backEnd.Link, TimeProvider.System),
                TimeProvider.System),
            new RedisOnceLog(backEnd, TimeProvider.System));
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(Shards, stop.Token);
        await load.UntilMoreAsync(100, Patience);

        if (!oldOneLives)
            first.Kill();
        Assert.StartsWith("+OK", await second.CallAsync("REPLICAOF NO ONE"));
        if (oldOneLives)
            Assert.StartsWith("+OK", await first.CallAsync($"REPLICAOF 127.0.0.1 {second.Port}"));
        var promoted = Stopwatch.GetTimestamp();
        // Each lane has one append under way: those beyond that began after the promotion.
        await load.UntilMoreAsync(4 * Shards, Found);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"went on after {Stopwatch.GetElapsedTime(promoted).TotalSeconds:0.0} s");
        await load.UntilMoreAsync(100, Patience);
        await stop.CancelAsync();
        await running.WaitAsync(Patience, Cancellation);

        await using var there = await second.OpenAsync(second.Options(Shards));
        for (var shard = 0; shard < Shards; shard++)
            await AssertHasAsync(there, shard, load);
    }

    [Fact]
    public async Task Call_NoPrimaryForLong_RenewsTheLinkOnceASecondAtMost()
    {
        await using var first = await RedisServer.StartAsync();
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var renewals = 0;
        backEnd.Link.Renewed += _ => Interlocked.Increment(ref renewals);
        Assert.StartsWith("+OK", await server.CallAsync($"REPLICAOF 127.0.0.1 {first.Port}"));
        var started = Stopwatch.GetTimestamp();
        var failed = 0;
        while (Volatile.Read(ref renewals) < 3)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "the link must be renewed");
            _ = await Assert.ThrowsAsync<LogUnavailableException>(async () =>
                await backEnd.Link.CallAsync(
                    database => database.ListRightPushAsync(RedisKeys.Log(0), 1), Cancellation));
            failed++;
            await Task.Delay(5, Cancellation);
        }
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(1.9));
        Assert.True(failed > 20, $"only {failed} calls were made between the renewals");
    }

    private static async Task AssertHasAsync(RedisBackEnd there, int shard, FailoverLoad load)
    {
        var list = await there.Link.CallAsync(
            database => database.ListRangeAsync(RedisKeys.Log(shard)), Cancellation);
        var (frames, records) = load.Acknowledged(shard);
        var stored = list.Select(element => (byte[])element!).ToList();
        Assert.Empty(frames.Except(stored.Select(Convert.ToHexString)));
        // A frame may stand there twice, by its number the worker knows; a key may not.
        var once = stored
            .Where(frame => TradeFrame.Read(frame, out var header) == FrameStatus.Whole
                && header.ProducerId == 0)
            .Select(frame => Convert.ToHexString(frame.AsSpan(TradeFrame.HeaderBytes)))
            .ToList();
        Assert.Empty(records.Except(once));
        Assert.Equal(once.Count, once.Distinct().Count());
    }
}
