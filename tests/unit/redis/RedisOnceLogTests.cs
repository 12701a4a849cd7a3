using System.Diagnostics;
using StackExchange.Redis;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>Keys and frames in a real Redis: both or neither, whatever a call meets.</summary>
public sealed class RedisOnceLogTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly int _seed = Random.Shared.Next(1_000_000);
    private RedisServer _server = null!;
    private RedisBackEnd _backEnd = null!;
    private SampleFrames _sample = null!;

    public async ValueTask InitializeAsync()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {_seed}");
        _sample = new SampleFrames(_seed);
        _server = await RedisServer.StartAsync();
        _backEnd = await _server.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _backEnd.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static Task<OnceOutcome[]> AppendAsync(
        RedisBackEnd backEnd, int shard, params OnceAppend[] appends) =>
        new RedisOnceLog(backEnd, TimeProvider.System)
            .AppendOnceAsync(
                shard, appends, SampleFrames.StartTicks, TestContext.Current.CancellationToken)
            .AsTask().WaitAsync(Patience);

    private Task<OnceOutcome[]> AppendAsync(params OnceAppend[] appends) =>
        AppendAsync(_backEnd, 1, appends);

    private async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call) =>
        await _backEnd.Link.CallAsync(call, TestContext.Current.CancellationToken);

    private async Task<List<byte[]>> FramesAsync(int shard = 1)
    {
        var values = await CallAsync(
            database => database.ListRangeAsync(RedisKeys.Log(shard)));
        return [.. values.Select(value => (byte[])value!)];
    }

    /// <summary>Every request's records, each frame verified; their times must not go back.</summary>
    private async Task<List<string>> LoggedAsync(int shard = 1)
    {
        var records = new List<string>();
        foreach (var frame in await FramesAsync(shard))
        {
            Assert.Equal(FrameStatus.Whole, TradeFrame.Read(frame, out var header));
            Assert.Equal(0UL, header.ProducerId);
            Assert.Equal(0UL, header.ProducerSequence);
            records.Add(Convert.ToHexString(frame, TradeFrame.HeaderBytes, header.RecordBytes));
        }
        return records;
    }

    private static string Hex(in OnceAppend append) => Convert.ToHexString(append.Records.Span);

    [Fact]
    public async Task Append_NewKnownAndReusedKeysTogether_LogsTheNewOnesOnly()
    {
        var (known, other, fresh) = (_sample.Append(3), _sample.Append(2), _sample.Append(5));
        Assert.Equal([OnceOutcome.Logged, OnceOutcome.Logged], await AppendAsync(known, other));
        var reused = _sample.Append(4, other.Bound with { Body = fresh.Bound.Body });
        Assert.Equal(
            [OnceOutcome.Repeated, OnceOutcome.Logged, OnceOutcome.OtherBody],
            await AppendAsync(known, fresh, reused));
        Assert.Equal([Hex(known), Hex(other), Hex(fresh)], await LoggedAsync());
    }

    [Fact]
    public async Task Append_RequestsOfOneCall_FollowOneAnotherInTime()
    {
        var appends = Enumerable.Range(1, 20).Select(i => _sample.Append(i)).ToArray();
        _ = await AppendAsync(appends);
        var next = SampleFrames.StartTicks;
        foreach (var frame in await FramesAsync())
        {
            _ = TradeFrame.ReadHeader(frame, out var header);
            Assert.Equal(next, header.ReceivedAtTicks);
            next += header.Count;
        }
        Assert.Equal(20, (await FramesAsync()).Count);
    }

    [Fact]
    public async Task Append_Key_IsRememberedForADay()
    {
        var append = _sample.Append(1);
        _ = await AppendAsync(append);
        var bytes = new byte[RequestKey.Bytes];
        append.Bound.Key.Write(bytes);
        var key = RedisKeys.Once(1, Convert.ToHexStringLower(bytes));
        var left = await CallAsync(database => database.KeyTimeToLiveAsync(key));
        Assert.InRange(left!.Value, TimeSpan.FromHours(23.9), IOnceLog.RememberedFor);

        _ = await CallAsync(
            database => database.KeyExpireAsync(key, TimeSpan.FromMilliseconds(1)));
        var started = Stopwatch.StartNew();
        while (await CallAsync(database => database.KeyExistsAsync(key)))
            Assert.True(started.Elapsed < Patience, "the key must expire");
        Assert.Equal([OnceOutcome.Logged], await AppendAsync(append));
        Assert.Equal(2, (await FramesAsync()).Count);
    }

    [Fact]
    public async Task Append_TooManyFramesWait_RefusesNewKeysAndKnowsTheOldOnes()
    {
        var options = _server.Options();
        options.MaxPendingFrames = 100;
        await using var backEnd = await _server.OpenAsync(options);
        var appends = Enumerable.Range(0, 102).Select(_ => _sample.Append(1)).ToArray();
        var outcomes = await AppendAsync(backEnd, 1, appends);
        Assert.All(outcomes[..100], outcome => Assert.Equal(OnceOutcome.Logged, outcome));
        Assert.All(outcomes[100..], outcome => Assert.Equal(OnceOutcome.Full, outcome));
        Assert.Equal(
            [OnceOutcome.Repeated, OnceOutcome.Full],
            await AppendAsync(backEnd, 1, appends[0], appends[101]));
        _ = await CallAsync(database => database.ListLeftPopAsync(RedisKeys.Log(1)));
        Assert.Equal([OnceOutcome.Logged], await AppendAsync(backEnd, 1, appends[101]));
    }

    [Fact]
    public async Task Append_FromManyConsumersAtOnce_LogsEachKeyOnce()
    {
        var appends = Enumerable.Range(0, 50).Select(_ => _sample.Append(2)).ToArray();
        await using var second = await _server.OpenAsync();
        var lanes = Enumerable.Range(0, 8).Select(async lane =>
        {
            var random = new Random(_seed + lane);
            var outcomes = new List<OnceOutcome>();
            var order = appends.ToArray();
            random.Shuffle(order);
            foreach (var round in order.Chunk(random.Next(1, 9)))
                outcomes.AddRange(await AppendAsync(lane % 2 == 0 ? _backEnd : second, 1, round));
            return outcomes;
        });
        var outcomes = (await Task.WhenAll(lanes)).SelectMany(lane => lane).ToList();
        Assert.Equal(50, outcomes.Count(outcome => outcome == OnceOutcome.Logged));
        Assert.Equal(350, outcomes.Count(outcome => outcome == OnceOutcome.Repeated));
        Assert.Equal(appends.Select(append => Hex(append)).Order(), (await LoggedAsync()).Order());
    }

    [Fact]
    public async Task Append_RedisFrozenInTheMiddle_IsLoggedOnceAndKnownToBe()
    {
        var options = _server.Options();
        options.CallLimit = TimeSpan.FromMilliseconds(200);
        await using var backEnd = await _server.OpenAsync(options);
        var random = new Random(_seed);
        var sent = new List<OnceAppend>();
        for (var i = 0; i < 5; i++)
        {
            var warm = _sample.Append(1);
            Assert.Equal([OnceOutcome.Logged], await AppendAsync(backEnd, 1, warm));
            sent.Add(warm);
            var round = Enumerable.Range(0, 10).Select(_ => _sample.Append(3)).ToArray();
            sent.AddRange(round);
            _server.Freeze();
            Task<OnceOutcome[]> call;
            try
            {
                // Its bytes lie in the frozen server's socket: whoever gives up is wrong.
                call = AppendAsync(backEnd, 1, round);
                await Task.Delay(random.Next(300, 900), TestContext.Current.CancellationToken);
                Assert.False(call.IsCompleted);
            }
            finally
            {
                _server.Thaw();
            }
            // By the same call it is known to be this call's, however often it was repeated.
            Assert.All(await call, outcome => Assert.Equal(OnceOutcome.Logged, outcome));
            Assert.All(
                await AppendAsync(backEnd, 1, round),
                outcome => Assert.Equal(OnceOutcome.Repeated, outcome));
        }
        Assert.Equal(sent.Select(append => Hex(append)), await LoggedAsync());
    }

    [Fact]
    public async Task Append_RedisRefuses_SaysSoAtOnce()
    {
        _ = await CallAsync(
            database => database.ExecuteAsync("CONFIG", "SET", "maxmemory", "1"));
        var refused = await Assert.ThrowsAsync<LogUnavailableException>(
            () => AppendAsync(_sample.Append(1)));
        _ = Assert.IsType<RedisRefusedException>(refused.InnerException);
        _ = await CallAsync(
            database => database.ExecuteAsync("CONFIG", "SET", "maxmemory", "0"));
        Assert.Empty(await FramesAsync());
    }

    [Fact]
    public async Task Append_ReplicasWaitedFor_CompletesOnlyOnceOneHasIt()
    {
        var options = _server.Options();
        options.WaitReplicas = 1;
        options.CallLimit = TimeSpan.FromMilliseconds(400);
        await using var backEnd = await _server.OpenAsync(options);
        var append = _sample.Append(2);
        var call = AppendAsync(backEnd, 1, append);
        await Task.Delay(1_000, TestContext.Current.CancellationToken);
        Assert.False(call.IsCompleted, "there is no replica yet");

        await using var replica = await RedisServer.StartAsync(
            "--replicaof", "127.0.0.1", $"{_server.Port}");
        Assert.Equal([OnceOutcome.Logged], await call);
        Assert.Equal([OnceOutcome.Repeated], await AppendAsync(backEnd, 1, append));
        Assert.Equal([Hex(append)], await LoggedAsync());
        using var connection = await ConnectionMultiplexer.ConnectAsync(replica.Address);
        Assert.Equal(1, await connection.GetDatabase().ListLengthAsync(
            RedisKeys.Log(1), CommandFlags.PreferSlave));
    }

    [Fact]
    public async Task Append_NoReplica_HoldsUpNoOtherCall()
    {
        var options = _server.Options(shards: 2);
        options.WaitReplicas = 1;
        await using var backEnd = await _server.OpenAsync(options);
        using var end = new CancellationTokenSource();
        var log = new RedisOnceLog(backEnd, TimeProvider.System);
        // More than one call's limit of waiting, if each shard waited for itself.
        var calls = Enumerable.Range(0, 8)
            .Select(i => log.AppendOnceAsync(
                i % 2, [_sample.Append(1)], SampleFrames.StartTicks, end.Token).AsTask())
            .ToList();
        for (var i = 0; i < 30; i++)
        {
            _ = await backEnd.Link.CallAsync(
                database => database.ListLengthAsync(RedisKeys.Log(0)), end.Token);
        }
        Assert.All(calls, call => Assert.False(call.IsCompleted));
        // The connection stayed: each was written once, only the wait was repeated.
        Assert.Equal(4, (await FramesAsync(0)).Count);
        await end.CancelAsync();
        foreach (var call in calls)
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task ShardOf_AnyKeys_IsTheSameEverywhereAndSpreadsThem()
    {
        await using var second = await _server.OpenAsync();
        IOnceLog log = new RedisOnceLog(_backEnd, TimeProvider.System);
        IOnceLog other = new RedisOnceLog(second, TimeProvider.System);
        var keys = Enumerable.Range(0, 1_000).Select(_ => _sample.Key().Key).ToList();
        Assert.All(keys, key => Assert.Equal(log.ShardOf(key), other.ShardOf(key)));
        Assert.InRange(keys.Count(key => log.ShardOf(key) == 0), 400, 600);
    }
}
