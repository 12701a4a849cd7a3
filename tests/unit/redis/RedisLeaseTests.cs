using System.Diagnostics;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Dead;
using TradeProcessor.Storage.Engine.Redis;
using Aggregate = TradeProcessor.Contracts.Aggregate;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>What a lease promises when replies, shards and stores get lost.</summary>
public sealed class RedisLeaseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly long Start = SampleFrames.StartTicks;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commit_ServerFrozenUntilTheOutcomeIsUnknown_TakesEffectOnce()
    {
        await using var bench = await ShardBench.StartAsync(
            x => x.CallLimit = TimeSpan.FromMilliseconds(200));
        var source = new ProducerFrames(41);
        await using var lease = await bench.TakeAsync();
        for (var round = 1; round <= 3; round++)
        {
            var frame = source.Next(1, 10, Start + round);
            _ = await bench.PushAsync(0, frame);
            await lease.WaitAsync(Cancellation);
            Assert.False((await lease.ReadAsync(Cancellation)).IsEmpty);
            var records = new RecordBlock(Start, frame.AsMemory(TradeFrame.HeaderBytes));
            var link = bench.BackEnd.Link.Current;
            bench.Server.Freeze();
            var committing = lease.CommitAsync(
                new ShardCommit(round, Start, Start, 10 * round, [], [records]), Cancellation)
                .AsTask();
            await EventuallyAsync(() => Task.FromResult(bench.BackEnd.Link.Current != link));
            Assert.False(committing.IsCompleted);
            bench.Server.Thaw();
            await committing;
            Assert.Equal(round, lease.Position);
            Assert.Equal(0, await bench.CallAsync(x => x.ListLengthAsync(RedisKeys.Log(0))));
            Assert.Equal(
                round, await bench.CallAsync(x => x.ListLengthAsync(RedisKeys.Recent(0))));
            Assert.Equal(
                10 * round,
                await bench.CallAsync(x => x.HashGetAsync(RedisKeys.State(0), "recent")));
        }
    }

    [Fact]
    public async Task Commit_SentTwice_ChangesNothingTheSecondTime()
    {
        await using var bench = await ShardBench.StartAsync();
        var source = new ProducerFrames(42);
        _ = await bench.PushAsync(0, source.Next(1, 40, Start));
        _ = await bench.PushAsync(0, source.Next(1, 40, Start + 1));
        await using var lease = await bench.TakeAsync();
        // So many that a write of the changed ones alone is less.
        var all = ManyCells(30_000);
        var cells = all[..9_000];
        var total = default(Aggregate);
        foreach (var cell in all)
            total.Merge(cell.Value);
        var interval = new IntervalKey(Resolution.Day, Resolution.Day.StartOf(Start));
        var commit = new ShardCommit(
            1, Start, Start, 40, [new IntervalCells(interval, cells, all, total, false)], []);
        var script = new CommitScript(bench.BackEnd, 0, "test", lease.Token, 0, 1);
        new CommitBuilder(0, 100, ShardBench.Forever).Add(script, commit);
        Assert.Equal("", await script.EvaluateAsync(bench.BackEnd.Link, Cancellation));
        var once = await bench.DumpAsync();
        Assert.Equal("", await script.EvaluateAsync(bench.BackEnd.Link, Cancellation));
        Assert.Equal(once, await bench.DumpAsync());
        Assert.Equal(1, await bench.CallAsync(x => x.ListLengthAsync(RedisKeys.Log(0))));
        Assert.Equal(
            9_000, await bench.CallAsync(x => x.HashLengthAsync(RedisKeys.Cells(0, interval))));
    }

    [Fact]
    public async Task Commit_AfterTheLeaseRanOutAndAnotherTookIt_IsRefusedAndChangesNothing()
    {
        await using var bench = await ShardBench.StartAsync(
            x => x.LeaseTime = TimeSpan.FromSeconds(1));
        var source = new ProducerFrames(43);
        var oracle = new TradeOracleCells();
        var frame = source.Next(1, 40, Start);
        oracle.Add(frame);
        _ = await bench.PushAsync(0, frame);
        await using var late = await bench.TakeAsync();
        Assert.Null(await bench.TryTakeAsync());
        Assert.False((await late.ReadAsync(Cancellation)).IsEmpty);
        RedisShardLease? next = null;
        await EventuallyAsync(async () => (next = await bench.TryTakeAsync()) is not null);
        await ShardBench.CountAsync(bench.Worker(next!));
        var before = await bench.DumpAsync();

        await Assert.ThrowsAsync<LeaseLostException>(async () => await late.CommitAsync(
            new ShardCommit(1, Start, Start, 40, [], []), Cancellation));
        Assert.True(late.Ending.IsCancellationRequested);
        await Assert.ThrowsAsync<LeaseLostException>(
            async () => await late.FailedAsync("late", Cancellation));
        await late.DisposeAsync();
        Assert.Equal(before, await bench.DumpAsync());
        await oracle.AssertStoredAsync(bench);
        await next!.DisposeAsync();
    }

    [Fact]
    public async Task Commit_LeaseRanOutButNobodyTookIt_GoesOn()
    {
        await using var bench = await ShardBench.StartAsync();
        _ = await bench.PushAsync(0, new ProducerFrames(44).Next(1, 5, Start));
        await using var lease = await bench.TakeAsync();
        _ = await bench.CallAsync(x => x.KeyDeleteAsync(RedisKeys.Lease(0)));
        await ShardBench.CountAsync(bench.Worker(lease));
        Assert.Equal(1, lease.Position);
        Assert.Null(await bench.TryTakeAsync());
    }

    [Theory]
    [InlineData("FLUSHALL")]
    [InlineData("HSET", "tp:{0}:state", "head", "5")]
    [InlineData("HSET", "tp:{0}:state", "head", "0")]
    [InlineData("INCR", "tp:{0}:fence")]
    public async Task Lease_StoreIsAnotherOne_IsLost(params string[] command)
    {
        await using var bench = await ShardBench.StartAsync();
        var source = new ProducerFrames(45);
        await using var lease = await bench.TakeAsync();
        for (var i = 0; i < 2; i++)
            _ = await bench.PushAsync(0, source.Next(1, 5, Start + i));
        await ShardBench.CountAsync(bench.Worker(lease));
        var frame = source.Next(1, 5, Start + 2);
        _ = await bench.PushAsync(0, frame);
        _ = await lease.ReadAsync(Cancellation);
        _ = await bench.CallAsync(
            x => x.ExecuteAsync(command[0], [.. command.Skip(1).Cast<object>()]));
        _ = await bench.PushAsync(0, frame);
        await Assert.ThrowsAsync<LeaseLostException>(async () => await lease.CommitAsync(
            new ShardCommit(3, Start, Start, 15, [], []), Cancellation));
        await Assert.ThrowsAsync<LeaseLostException>(
            async () => await lease.WaitAsync(Cancellation));
    }

    [Fact]
    public async Task Wait_StoreFellBackWhileNothingCame_LosesTheLease()
    {
        await using var bench = await ShardBench.StartAsync();
        await using var lease = await bench.TakeAsync();
        _ = await bench.PushAsync(0, new ProducerFrames(46).Next(1, 5, Start));
        await ShardBench.CountAsync(bench.Worker(lease));
        var waiting = lease.WaitAsync(Cancellation).AsTask();
        _ = await bench.CallAsync(x => x.HashSetAsync(RedisKeys.State(0), "head", "0"));
        await Assert.ThrowsAsync<LeaseLostException>(
            () => waiting.WaitAsync(Patience, Cancellation));
    }

    [Fact]
    public async Task Commit_RedisHasNoMemoryLeft_IsTakenAndTrimsTheLog()
    {
        await using var bench = await ShardBench.StartAsync();
        var source = new ProducerFrames(47);
        var oracle = new TradeOracleCells();
        for (var i = 0; i < 20; i++)
        {
            var frame = source.Next(1, 200, Start + i);
            oracle.Add(frame);
            _ = await bench.PushAsync(0, frame);
        }
        _ = await bench.CallAsync(x => x.ExecuteAsync("CONFIG", "SET", "maxmemory", "500000"));
        var refused = await Assert.ThrowsAsync<LogUnavailableException>(
            async () => await bench.PushAsync(0, source.Next(1, 1, Start)));
        Assert.IsType<RedisRefusedException>(refused.InnerException);
        await using var lease = await bench.TakeAsync();
        await lease.RenewAsync(Cancellation);
        await ShardBench.CountAsync(bench.Worker(lease));
        Assert.Equal(20, lease.Position);
        await oracle.AssertStoredAsync(bench);
    }

    [Fact]
    public async Task Failed_CountedByAnyOwnerUntilTheHeadMoves()
    {
        await using var bench = await ShardBench.StartAsync();
        _ = await bench.PushAsync(0, [1, 2, 3]);
        await using (var first = await bench.TakeAsync())
        {
            Assert.Equal(1, await first.FailedAsync("why", Cancellation));
            Assert.Equal(2, await first.FailedAsync("why", Cancellation));
        }
        await using var second = await bench.TakeAsync();
        Assert.Equal(3, await second.FailedAsync("why", Cancellation));
        await second.CommitAsync(
            new ShardCommit(1, 0, 0, 0, [], [], DeadReason: "why"), Cancellation);
        Assert.Equal(1, await second.FailedAsync("why", Cancellation));
        var dead = DeadFrame.TryRead(
            (byte[])(await bench.CallAsync(x => x.ListGetByIndexAsync(RedisKeys.Dead(0), 0)))!)!;
        Assert.Equal((0, 3, "why"), (dead.Position, dead.Attempts, dead.Reason));
        Assert.Equal([1, 2, 3], dead.Frame.ToArray());
    }

    internal static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "It did not come about.");
            await Task.Delay(20, Cancellation);
        }
    }

    private static Cell[] ManyCells(int count)
    {
        var value = Aggregate.Of(new(1, 0), new(2, 0), new(2, 0), Start);
        return [.. Enumerable.Range(0, count).Select(i => new Cell
        {
            Key = new CellKey(
                new CurrencyPair(new AssetCode((uint)i + 1), AssetCode.Parse("EUR")),
                new CountryCode(0x4652)),
            Value = value,
        })];
    }
}
