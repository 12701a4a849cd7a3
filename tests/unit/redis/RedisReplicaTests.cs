using System.Diagnostics;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

public sealed class RedisReplicaTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_ReplicaFrozen_WaitsUntilItHasTheFrame()
    {
        await using var server = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync(
            "--replicaof", "127.0.0.1", $"{server.Port}");
        var options = server.Options(shards: 4);
        options.WaitReplicas = 1;
        await using var backEnd = await server.OpenAsync(options);
        var settings = await RedisServerSettings.OpenAsync(backEnd.Link, TimeProvider.System);
        var log = new RedisTradeLog(backEnd, settings, TimeProvider.System);
        var frames = new SampleFrames(43).Frames(8);
        // It is connected once the first ones are there.
        await AppendAsync(log, frames[..4]);

        replica.Freeze();
        var appends = AppendAsync(log, frames[4..]);
        await Eventually.HoldsAsync(
            async () => await LengthAsync(backEnd, 3) == 2, "the master has the frames");
        // A second call's worth of time in which a wait that counted wrongly would have ended.
        for (var i = 0; i < 20; i++)
        {
            await log.ProbeAsync(Cancellation);
            Assert.False(appends.IsCompleted);
        }
        replica.Thaw();
        await appends.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        for (var shard = 0; shard < 4; shard++)
            Assert.Equal(2, await LengthAsync(backEnd, shard));
    }

    [Fact]
    public async Task Append_NoReplica_DoesNotCompleteAndEndsWhenCancelled()
    {
        await using var server = await RedisServer.StartAsync();
        var options = server.Options();
        options.WaitReplicas = 1;
        await using var backEnd = await server.OpenAsync(options);
        var settings = await RedisServerSettings.OpenAsync(backEnd.Link, TimeProvider.System);
        var log = new RedisTradeLog(backEnd, settings, TimeProvider.System);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await log.AppendAsync(
                0, new SampleFrames(44).Frame(1, SampleFrames.StartTicks), limit.Token));
        // The connection stayed: the frame was written once, only the wait was repeated.
        Assert.Equal(1, await LengthAsync(backEnd, 0));
    }

    [Fact]
    public async Task Have_ServerStartedAgain_IsNotKnownAlsoUnderTheSameClientId()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var wait = new ReplicaWait(backEnd.Link, server.Options(), TimeProvider.System);
        var (sameIds, restarts, started) = (0, 0, Stopwatch.GetTimestamp());
        for (; sameIds < 3 && Stopwatch.GetElapsedTime(started) < Patience; restarts++)
        {
            var connection = await UntilAsync(
                async () => (await wait.WriteAsync(
                    database => database.StringSetAsync(RedisKeys.Probe(0), 1),
                    Cancellation)).Connection,
                connection => connection.IsKnown);
            var (link, clientId) = (backEnd.Link.Current, await ClientIdAsync());
            await server.RestartAsync();
            // Nothing is called meanwhile: the library connects anew by itself.
            await Eventually.HoldsAsync(() => link!.IsConnected, "it is connected again");
            var unknown = await Assert.ThrowsAsync<LogUnavailableException>(
                async () => await wait.UntilTheyHaveAsync(connection, Cancellation));
            _ = Assert.IsType<NewConnectionException>(unknown.InnerException);
            if (clientId == await ClientIdAsync() && ReferenceEquals(link, backEnd.Link.Current))
                sameIds++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"the same client id after {sameIds} of {restarts} restarts");
        Assert.True(sameIds > 0, "no connection had the id of the one before");

        Task<long> ClientIdAsync() => UntilAsync(
            async () => (long)await backEnd.Link.CallAsync(
                database => database.ExecuteAsync("CLIENT", "ID"), Cancellation),
            id => id > 0);
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> call, Func<T, bool> isWanted)
    {
        var answer = default(T);
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    answer = await call();
                    return isWanted(answer);
                }
                catch (LogUnavailableException)
                {
                    return false;
                }
            },
            "Redis answers");
        return answer!;
    }

    [Fact]
    public async Task Write_FromManyShardsAtOnce_GivesTheConnectionOneName()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var wait = new ReplicaWait(backEnd.Link, server.Options(), TimeProvider.System);
        var writes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => wait.WriteAsync(
            database => database.StringSetAsync(RedisKeys.Probe(i), 1), Cancellation).AsTask()));
        var connection = Assert.Single(writes.Select(write => write.Connection).Distinct());
        Assert.True(connection.IsKnown);
        Assert.True(await wait.HaveAsync(connection, Cancellation));
    }

    private static Task AppendAsync(RedisTradeLog log, List<byte[]> frames) => Task.WhenAll(
        frames.Select((frame, i) => log.AppendAsync(i, frame, Cancellation).AsTask()));

    private static ValueTask<long> LengthAsync(RedisBackEnd backEnd, int shard) =>
        backEnd.Link.CallAsync(
            database => database.ListLengthAsync(RedisKeys.Log(shard)), Cancellation);
}
