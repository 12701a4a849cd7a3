using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TradeProcessor.Storage.Engine;
using TradeProcessor.Storage.Engine.Redis;
using TradeProcessor.Worker;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>Workers come and go while trades come in.</summary>
public sealed class RebalancingTests
{
    private const int Shards = 7;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workers_ComeAndGo_SharesAreFairAndTotalsExact()
    {
        const int Seed = 61;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        await using var bench = await ShardBench.StartAsync(x =>
        {
            x.Shards = Shards;
            x.LeaseTime = TimeSpan.FromSeconds(1);
        });
        var oracle = new TradeOracleCells();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var pushing = PushAsync(bench, oracle, Seed, ending.Token);
        var workers = new List<RunningWorker>();
        foreach (var count in new[] { 1, 2, 3, 1, 2 })
        {
            while (workers.Count < count)
                workers.Add(await RunningWorker.StartAsync(bench));
            while (workers.Count > count)
            {
                await workers[0].StopAsync();
                workers.RemoveAt(0);
            }
            await RedisLeaseTests.EventuallyAsync(async () =>
            {
                var shares = await SharesAsync(bench);
                return shares.Count == count
                    && shares.Sum() == Shards
                    && shares.Max() - shares.Min() <= 1;
            });
        }
        await ending.CancelAsync();
        await pushing;
        await RedisLeaseTests.EventuallyAsync(async () => await TotalAsync(bench) == oracle.Trades);
        foreach (var worker in workers)
            await worker.StopAsync();
        Assert.Empty(await SharesAsync(bench));
        Assert.Equal(
            0, await bench.CallAsync(x => x.SortedSetLengthAsync(RedisKeys.Workers)));
        await oracle.AssertStoredAsync(bench);
    }

    [Fact]
    public async Task Worker_ThatDiedWithItsLeases_IsReplacedAfterTheLeaseTime()
    {
        await using var bench = await ShardBench.StartAsync(x =>
        {
            x.Shards = 2;
            x.LeaseTime = TimeSpan.FromSeconds(1);
        });
        // Nobody renews these.
        for (var shard = 0; shard < 2; shard++)
            _ = await bench.TakeAsync(shard);
        var oracle = new TradeOracleCells();
        var frame = new ProducerFrames(62).Next(1, 10, SampleFrames.StartTicks);
        oracle.Add(frame);
        _ = await bench.PushAsync(1, frame);
        var worker = await RunningWorker.StartAsync(bench);
        await RedisLeaseTests.EventuallyAsync(async () => await TotalAsync(bench) == 10);
        await worker.StopAsync();
        await oracle.AssertStoredAsync(bench);
    }

    private static async Task PushAsync(
        ShardBench bench, TradeOracleCells oracle, int seed, CancellationToken cancellation)
    {
        var random = new Random(seed);
        var source = new ProducerFrames(seed);
        byte[]? last = null;
        for (var at = SampleFrames.StartTicks; !cancellation.IsCancellationRequested;)
        {
            at += random.NextInt64(TimeSpan.TicksPerSecond / 50);
            var shard = random.Next(Shards);
            // A producer of its own for each shard: the sequence is the shard's.
            last = source.Next((ulong)shard + 1, 3, at);
            oracle.Add(last);
            for (var copies = random.Next(10) == 0 ? 2 : 1; copies > 0; copies--)
                _ = await bench.PushAsync(shard, last);
            await Task.Yield();
        }
    }

    private static async Task<List<int>> SharesAsync(ShardBench bench)
    {
        var owners = new List<string>();
        for (var shard = 0; shard < Shards; shard++)
        {
            var lease = (string?)await bench.CallAsync(
                x => x.StringGetAsync(RedisKeys.Lease(shard)));
            if (lease is not null)
                owners.Add(lease[..lease.IndexOf(':', StringComparison.Ordinal)]);
        }
        return [.. owners.GroupBy(x => x).Select(x => x.Count())];
    }

    private static async Task<long> TotalAsync(ShardBench bench)
    {
        long total = 0;
        for (var shard = 0; shard < Shards; shard++)
        {
            total += (long)await bench.CallAsync(
                x => x.HashGetAsync(RedisKeys.State(shard), "total"));
        }
        return total;
    }

    private sealed class RunningWorker(
        RedisBackEnd backEnd, RedisShardLeases leases, WorkerService service)
    {
        public static async Task<RunningWorker> StartAsync(ShardBench bench)
        {
            var backEnd = await bench.Server.OpenAsync(bench.BackEnd.Options);
            var leases = new RedisShardLeases(
                backEnd, ShardBench.Forever, TimeProvider.System,
                NullLogger<RedisShardLeases>.Instance);
            var service = new WorkerService(
                leases, new LocalLiveFeed(), bench.Metrics(), Options.Create(new WorkerOptions()),
                TimeProvider.System, NullLogger<WorkerService>.Instance);
            await service.StartAsync(Cancellation);
            return new RunningWorker(backEnd, leases, service);
        }

        public async Task StopAsync()
        {
            await service.StopAsync(Cancellation);
            await leases.DisposeAsync();
            await backEnd.DisposeAsync();
            service.Dispose();
        }
    }
}
