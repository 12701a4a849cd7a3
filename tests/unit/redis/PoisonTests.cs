using Microsoft.Extensions.Logging.Abstractions;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Dead;
using TradeProcessor.Storage.Engine.Files;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>Frames that cannot be counted are kept aside; all others count once.</summary>
public sealed class PoisonTests
{
    private const int Attempts = 5;

    private static readonly long Start = SampleFrames.StartTicks;

    [Fact]
    public async Task Redis_BytesAndBadRecordsAmongFrames_DieAndTheOthersCountOnce()
    {
        const int Seed = 51;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        await using var bench = await ShardBench.StartAsync();
        var source = new ProducerFrames(Seed);
        var oracle = new TradeOracleCells();
        var poison = new Dictionary<long, byte[]>();
        for (var position = 0; position < 60; position++)
        {
            byte[] element;
            if (position % 12 == 5)
            {
                element = (position / 12) switch
                {
                    0 => Noise(random, 300),
                    1 => [],
                    2 => source.BadRecords(3, Start),
                    3 => source.Next(3, 4, Start)[..^1],
                    _ => [.. source.Next(3, 4, Start), 0],
                };
                poison[position] = element;
            }
            else
            {
                element = source.Next((ulong)random.Next(1, 3), 5, Start + position);
                oracle.Add(element);
            }
            _ = await bench.PushAsync(0, element);
        }
        await using var lease = await bench.TakeAsync();
        await ShardBench.CountAsync(bench.Worker(lease));

        Assert.Equal(60, lease.Position);
        Assert.Equal(oracle.Trades, lease.AggregatedTotal);
        await oracle.AssertStoredAsync(bench);
        var dead = (await bench.CallAsync(x => x.ListRangeAsync(RedisKeys.Dead(0))))
            .Select(x => DeadFrame.TryRead((byte[])x!)!).ToList();
        Assert.Equal(poison.Keys.Order(), dead.Select(x => x.Position));
        Assert.All(dead, x =>
        {
            Assert.Equal(poison[x.Position], x.Frame.ToArray());
            Assert.Equal(Attempts, x.Attempts);
            Assert.NotEqual("", x.Reason);
        });
    }

    [Fact]
    public async Task Redis_RepeatOfADeadFrame_IsDropped()
    {
        await using var bench = await ShardBench.StartAsync();
        var bad = new ProducerFrames(52).BadRecords(1, Start);
        await using var lease = await bench.TakeAsync();
        var worker = bench.Worker(lease);
        for (var i = 0; i < 2; i++)
        {
            _ = await bench.PushAsync(0, bad);
            await ShardBench.CountAsync(worker);
        }
        Assert.Equal(2, lease.Position);
        Assert.Equal(1, await bench.CallAsync(x => x.ListLengthAsync(RedisKeys.Dead(0))));
    }

    [Fact]
    public async Task Redis_MoreDeadFramesThanAreKept_TheOldestGo()
    {
        await using var bench = await ShardBench.StartAsync(x => x.MaxDeadFrames = 2);
        await using var lease = await bench.TakeAsync();
        for (var i = 0; i < 4; i++)
        {
            _ = await bench.PushAsync(0, [1]);
            await lease.CommitAsync(
                new ShardCommit(i + 1, 0, 0, 0, [], [], DeadReason: "why"),
                TestContext.Current.CancellationToken);
        }
        var dead = await bench.CallAsync(x => x.ListRangeAsync(RedisKeys.Dead(0)));
        Assert.Equal([2L, 3L], dead.Select(x => DeadFrame.TryRead((byte[])x!)!.Position));
    }

    [Fact]
    public async Task Files_BadRecordsAmongFrames_DieAndTheOthersCountOnce()
    {
        using var directory = new TemporaryDirectory();
        await using var bench = await ShardBench.StartAsync();
        var options = new StorageOptions { Path = directory.Path };
        var source = new ProducerFrames(53);
        var bad = new Dictionary<long, byte[]>();
        long trades = 0;
        for (var run = 0; run < 2; run++)
        {
            // The second run replays the log without a snapshot: the same frames die again.
            using var backEnd = new FileBackEnd(
                options, ShardBench.Forever, TimeProvider.System, NullLogger<FileBackEnd>.Instance);
            for (var i = 0; run == 0 && i < 40; i++)
            {
                var isBad = i is 7 or 8 or 39;
                var frame = isBad ? source.BadRecords(1, Start + i) : source.Next(1, 5, Start + i);
                if (isBad)
                    bad[backEnd.Journal.DurablePosition] = frame;
                else
                    trades += 5;
                backEnd.Journal.Append(frame, Start + i);
            }
            await using var lease = new FileShardLease(backEnd);
            await ShardBench.CountAsync(bench.Worker(lease));
            Assert.Equal(trades, backEnd.Store.AggregatedTotal);
            Assert.Equal(backEnd.Journal.DurablePosition, backEnd.Store.Position);
            Assert.Equal(trades, (await backEnd.Store.QueryAsync(
                new AggregateQuery(Resolution.Day, 0, long.MaxValue),
                TestContext.Current.CancellationToken)).Sum(x => x.Points.Sum(y => y.Value.Count)));
            Assert.Equal(
                bad.Count, Directory.GetFiles(Path.Combine(directory.Path, "dead")).Length);
            foreach (var (position, frame) in bad)
            {
                var path = backEnd.Dead.List().Single(file => file.Position == position).Path;
                var dead = DeadFrame.TryRead(File.ReadAllBytes(path))!;
                Assert.Equal(frame, dead.Frame.ToArray());
                Assert.Equal((position, Attempts), (dead.Position, dead.Attempts));
            }
        }
    }

    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
