using System.Diagnostics;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

public sealed class RedisTradeLogTests
{
    private static readonly TimeSpan Fast = TimeSpan.FromSeconds(5);

    private readonly SampleFrames _sample = new(41);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<RedisTradeLog> LogAsync(RedisBackEnd backEnd) => new(
        backEnd,
        await RedisServerSettings.OpenAsync(backEnd.Link, TimeProvider.System),
        TimeProvider.System);

    private static async Task<List<byte[]>> ListAsync(RedisBackEnd backEnd, int shard) =>
        [.. (await backEnd.Link.CallAsync(
            database => database.ListRangeAsync(RedisKeys.Log(shard)), Cancellation))
            .Select(element => (byte[])element!)];

    private static async Task ConfigureAsync(RedisBackEnd backEnd, string name, string value) =>
        _ = await backEnd.Link.CallAsync(
            database => database.ExecuteAsync("CONFIG", "SET", name, value), Cancellation);

    [Fact]
    public async Task Append_ManyFrames_StandInTheirShardsInOrder()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync(server.Options(shards: 3));
        var log = await LogAsync(backEnd);
        var frames = _sample.Frames(120);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async shard =>
        {
            for (var i = shard; i < frames.Count; i += 3)
                await log.AppendAsync(shard, frames[i], Cancellation);
        }));
        for (var shard = 0; shard < 3; shard++)
        {
            Assert.Equal(
                frames.Where((_, i) => i % 3 == shard), await ListAsync(backEnd, shard));
        }
        await log.ProbeAsync(Cancellation);
    }

    [Fact]
    public async Task Append_BytesUsedAgainAfterwards_LeavesTheListAsItIs()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var log = await LogAsync(backEnd);
        var frame = _sample.Frame(5, SampleFrames.StartTicks);
        var bytes = frame.ToArray();
        await log.AppendAsync(0, bytes, Cancellation);
        Array.Clear(bytes);
        Assert.Equal([frame], await ListAsync(backEnd, 0));
    }

    [Fact]
    public async Task Append_RedisFrozen_RepeatsTheSameBytesUntilItIsKnown()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var log = await LogAsync(backEnd);
        var frames = _sample.Frames(3);
        await log.AppendAsync(0, frames[0], Cancellation);
        server.Freeze();
        var buffer = frames[1].ToArray();
        var append = log.AppendAsync(0, buffer, Cancellation).AsTask();
        // The link gives up its connection after a call's limit: then the append repeats.
        await Eventually.HoldsAsync(() => backEnd.Link.Current is null, "the link is given up");
        Assert.False(append.IsCompleted);
        server.Thaw();
        await append.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await log.AppendAsync(0, frames[2], Cancellation);

        var list = await ListAsync(backEnd, 0);
        Assert.Equal(frames[0], list[0]);
        Assert.Equal(frames[2], list[^1]);
        Assert.True(list.Count >= 3);
        Assert.All(list[1..^1], element => Assert.Equal(frames[1], element));
    }

    [Fact]
    public async Task Append_NeverAnsweredAndCancelled_Ends()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var log = await LogAsync(backEnd);
        using var givingUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        server.Freeze();
        var append = log.AppendAsync(0, _sample.Frame(1, SampleFrames.StartTicks), givingUp.Token);
        await Eventually.HoldsAsync(() => backEnd.Link.Current is null, "the link is given up");
        await givingUp.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(append.AsTask);
        server.Thaw();
    }

    [Fact]
    public async Task Append_OutOfMemory_IsRefusedAtOnceAndWorksAgainAfterwards()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var log = await LogAsync(backEnd);
        var frame = _sample.Frame(5, SampleFrames.StartTicks);
        await ConfigureAsync(backEnd, "maxmemory", "1mb");
        var started = Stopwatch.GetTimestamp();
        var refused = await Assert.ThrowsAsync<LogUnavailableException>(
            async () => await log.AppendAsync(0, frame, Cancellation));
        Assert.True(Stopwatch.GetElapsedTime(started) < Fast);
        Assert.Contains("OOM", refused.Message, StringComparison.Ordinal);
        _ = await Assert.ThrowsAsync<LogUnavailableException>(
            async () => await log.ProbeAsync(Cancellation));
        Assert.Empty(await ListAsync(backEnd, 0));

        await ConfigureAsync(backEnd, "maxmemory", "0");
        await log.AppendAsync(0, frame, Cancellation);
        Assert.Equal([frame], await ListAsync(backEnd, 0));
    }

    [Fact]
    public async Task Append_RedisGone_IsRefusedWithinALittleTimeAndWorksOnceItIsBack()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var log = await LogAsync(backEnd);
        server.Kill();
        // The first one may have been sent: it waits. A later one that was not is refused.
        var first = log.AppendAsync(0, _sample.Frame(1, SampleFrames.StartTicks), Cancellation);
        await Eventually.HoldsAsync(() => backEnd.Link.Current is null, "the link is given up");
        var started = Stopwatch.GetTimestamp();
        _ = await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.AppendAsync(
            1, _sample.Frame(1, SampleFrames.StartTicks), Cancellation));
        Assert.True(Stopwatch.GetElapsedTime(started) < Fast);
        await server.RestartAsync();
        await first.AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.NotEmpty(await ListAsync(backEnd, 0));
        Assert.Empty(await ListAsync(backEnd, 1));
    }

    [Fact]
    public async Task Append_TooManyFramesWait_IsRefusedUntilTheyAreCounted()
    {
        await using var server = await RedisServer.StartAsync();
        var options = server.Options();
        options.MaxPendingFrames = 100;
        await using var backEnd = await server.OpenAsync(options);
        var log = await LogAsync(backEnd);
        var frame = _sample.Frame(1, SampleFrames.StartTicks);
        for (var i = 0; i <= options.MaxPendingFrames; i++)
            await log.AppendAsync(0, frame, Cancellation);
        for (var i = 0; i < 20; i++)
        {
            var full = await Assert.ThrowsAsync<LogUnavailableException>(
                async () => await log.AppendAsync(0, frame, Cancellation));
            Assert.Contains("101 frames wait", full.Message, StringComparison.Ordinal);
        }
        await log.AppendAsync(1, frame, Cancellation);
        Assert.Equal(101, (await ListAsync(backEnd, 0)).Count);

        _ = await backEnd.Link.CallAsync(
            database => database.ListLeftPopAsync(RedisKeys.Log(0)), Cancellation);
        _ = await backEnd.Link.CallAsync(
            database => database.ListLeftPopAsync(RedisKeys.Log(0)), Cancellation);
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    await log.AppendAsync(0, frame, Cancellation);
                    return true;
                }
                catch (LogUnavailableException)
                {
                    return false;
                }
            },
            "the shard takes frames again");
    }
}
