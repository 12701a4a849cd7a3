using System.Buffers.Binary;
using StackExchange.Redis;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>Log → cells under leases of one shard.</summary>
public sealed class RedisCountingTests
{
    private static readonly long Start = SampleFrames.StartTicks;

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public async Task Count_ProducersRepeatsAndChangesOfOwner_EqualsThePlainCount(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var bench = await ShardBench.StartAsync(x => x.RecentTrades = 100);
        var source = new ProducerFrames(seed);
        var oracle = new TradeOracleCells();
        var sent = new List<byte[]>();
        var at = Start;
        var lease = await bench.TakeAsync();
        var worker = bench.Worker(lease);
        for (var step = 0; step < 300; step++)
        {
            at += random.NextInt64(TimeSpan.TicksPerSecond / 3);
            var isRepeat = sent.Count > 0 && random.Next(4) == 0;
            var frame = isRepeat
                ? sent[^random.Next(1, Math.Min(20, sent.Count) + 1)]
                : source.Next((ulong)random.Next(4), random.Next(0, 20), at);
            _ = TradeFrame.Read(frame, out var header);
            if (!isRepeat || header.ProducerId == 0)
                oracle.Add(frame);
            if (!isRepeat)
                sent.Add(frame);
            _ = await bench.PushAsync(0, frame);
            if (random.Next(5) == 0)
                await ShardBench.CountAsync(worker);
            if (random.Next(15) == 0)
            {
                await lease.DisposeAsync();
                lease = await bench.TakeAsync();
                worker = bench.Worker(lease);
            }
        }
        await ShardBench.CountAsync(worker);
        await lease.DisposeAsync();

        await oracle.AssertStoredAsync(bench);
        var state = await bench.CallAsync(x => x.HashGetAllAsync(RedisKeys.State(0)));
        var fields = state.ToDictionary(x => (string)x.Name!, x => (string)x.Value!);
        Assert.Equal($"{oracle.Trades}", fields["total"]);
        Assert.Equal("300", fields["head"]);
        Assert.Equal(0, await bench.CallAsync(x => x.ListLengthAsync(RedisKeys.Log(0))));
        Assert.False(await bench.CallAsync(x => x.KeyExistsAsync(RedisKeys.Lease(0))));
        await AssertRecentAsync(bench, int.Parse(fields["recent"], null));
    }

    [Fact]
    public async Task Names_OfWhatWasCounted_AreInTheSets()
    {
        await using var bench = await ShardBench.StartAsync();
        var frame = new ProducerFrames(31).Next(1, 200, Start);
        _ = await bench.PushAsync(0, frame);
        await using var lease = await bench.TakeAsync();
        await ShardBench.CountAsync(bench.Worker(lease));
        _ = TradeFrame.Read(frame, out var header);
        var pairs = new HashSet<string>();
        var countries = new HashSet<string>();
        foreach (var record in TradeFrame.Records(frame, header))
        {
            _ = pairs.Add(record.Pair.ToString());
            _ = countries.Add(record.Country.ToString());
        }
        var storedPairs = await bench.CallAsync(x => x.SetMembersAsync(RedisKeys.Pairs(0)));
        var storedCountries = await bench.CallAsync(x => x.SetMembersAsync(RedisKeys.Countries(0)));
        Assert.Equal(pairs, storedPairs.Select(x => (string)x!).ToHashSet());
        Assert.Equal(countries, storedCountries.Select(x => (string)x!).ToHashSet());
    }

    [Fact]
    public async Task Close_IntervalThenLateFrame_BlockHashAndTotalsAgree()
    {
        await using var bench = await ShardBench.StartAsync();
        var source = new ProducerFrames(32);
        var oracle = new TradeOracleCells();
        await using var lease = await bench.TakeAsync();
        var worker = bench.Worker(lease);
        var first = new IntervalKey(Resolution.Second, Resolution.Second.StartOf(Start));
        for (var second = 0; second < 5; second++)
            await CountAsync(Start + second * TimeSpan.TicksPerSecond);
        Assert.True(await ExistsAsync(RedisKeys.Block(0, first)));
        Assert.False(await ExistsAsync(RedisKeys.Cells(0, first)));

        await CountAsync(Start + 1);
        Assert.True(await ExistsAsync(RedisKeys.Block(0, first)));
        Assert.True(await ExistsAsync(RedisKeys.Cells(0, first)));
        await oracle.AssertStoredAsync(bench);

        await CountAsync(Start + 6 * TimeSpan.TicksPerSecond);
        await CountAsync(Start + 7 * TimeSpan.TicksPerSecond);
        Assert.False(await ExistsAsync(RedisKeys.Cells(0, first)));
        await oracle.AssertStoredAsync(bench);

        async Task CountAsync(long at)
        {
            var frame = source.Next(1, 30, at);
            oracle.Add(frame);
            _ = await bench.PushAsync(0, frame);
            await ShardBench.CountAsync(worker);
        }

        ValueTask<bool> ExistsAsync(RedisKey key) => bench.CallAsync(x => x.KeyExistsAsync(key));
    }

    [Fact]
    public async Task Commit_OfMostCellsThenOfFew_WritesOneStringThenFieldsOverIt()
    {
        await using var bench = await ShardBench.StartAsync();
        var source = new ProducerFrames(35);
        var oracle = new TradeOracleCells();
        await using var lease = await bench.TakeAsync();
        var worker = bench.Worker(lease);
        var day = new IntervalKey(Resolution.Day, Resolution.Day.StartOf(Start));
        await CountAsync(2_000, hasFields: false);
        await CountAsync(2_000, hasFields: false);
        await CountAsync(5, hasFields: true);
        await CountAsync(10, hasFields: true);
        await CountAsync(2_000, hasFields: false);

        async Task CountAsync(int trades, bool hasFields)
        {
            var frame = source.Next(1, trades, Start);
            oracle.Add(frame);
            _ = await bench.PushAsync(0, frame);
            await ShardBench.CountAsync(worker);
            Assert.True(await bench.CallAsync(x => x.KeyExistsAsync(RedisKeys.Block(0, day))));
            Assert.Equal(
                hasFields, await bench.CallAsync(x => x.KeyExistsAsync(RedisKeys.Cells(0, day))));
            await oracle.AssertStoredAsync(bench);
        }
    }

    [Fact]
    public async Task Cells_OfEachResolution_EndWithTheirRetention()
    {
        await using var bench = await ShardBench.StartAsync();
        var retention = new CellRetention(
            TimeSpan.FromMinutes(20), TimeSpan.FromHours(26), TimeSpan.FromDays(32),
            TimeSpan.FromDays(3650));
        var now = DateTime.UtcNow.Ticks;
        _ = await bench.PushAsync(0, new ProducerFrames(33).Next(1, 20, now));
        await using var lease = await bench.TakeAsync(retention: retention);
        await ShardBench.CountAsync(bench.Worker(lease));
        foreach (var resolution in Resolutions.All.ToArray())
        {
            var interval = new IntervalKey(resolution, resolution.StartOf(now));
            var length = TimeSpan.FromTicks(resolution.Ticks);
            var cells = await bench.CallAsync(
                x => x.KeyTimeToLiveAsync(RedisKeys.Cells(0, interval)));
            var totals = await bench.CallAsync(
                x => x.KeyTimeToLiveAsync(RedisKeys.Totals(0, interval)));
            var kept = retention.For(resolution);
            var slack = TimeSpan.FromMinutes(1);
            Assert.InRange(cells!.Value, kept - slack, kept + length);
            Assert.InRange(
                totals!.Value, kept - slack, kept + RedisKeys.BucketIntervals * length);
        }
    }

    [Fact]
    public async Task Marks_OfProducersNotSeenForDays_AreForgotten()
    {
        await using var bench = await ShardBench.StartAsync();
        var time = new ManualTime(new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc));
        var source = new ProducerFrames(34);
        await using var lease = await bench.TakeAsync(time: time);
        var worker = bench.Worker(lease);
        foreach (var producer in new ulong[] { 1, 2, 3 })
        {
            _ = await bench.PushAsync(0, source.Next(producer, 1, Start));
            await ShardBench.CountAsync(worker);
            time.Advance(TimeSpan.FromDays(1.5));
        }
        var marks = await bench.CallAsync(x => x.HashGetAllAsync(RedisKeys.Marks(0)));
        Assert.Equal(
            ["0000000000000002", "0000000000000003"],
            marks.Select(x => (string)x.Name!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Count_LongLog_IsReadInRangesAndTrimmed()
    {
        await using var bench = await ShardBench.StartAsync();
        var source = new ProducerFrames(35);
        var oracle = new TradeOracleCells();
        for (var i = 0; i < 400; i++)
        {
            var frame = source.Next(1, i % 50 == 0 ? 15_000 : 5, Start + i);
            oracle.Add(frame);
            _ = await bench.PushAsync(0, frame);
        }
        await using var lease = await bench.TakeAsync();
        await ShardBench.CountAsync(bench.Worker(lease));
        await oracle.AssertStoredAsync(bench);
        Assert.Equal(400, lease.Position);
        Assert.Equal(oracle.Trades, lease.AggregatedTotal);
    }

    private static async Task AssertRecentAsync(ShardBench bench, int count)
    {
        var blocks = await bench.CallAsync(x => x.ListRangeAsync(RedisKeys.Recent(0)));
        var counts = blocks
            .Select(x => BinaryPrimitives.ReadInt32LittleEndian(((byte[])x!).AsSpan(8)))
            .ToList();
        Assert.Equal(count, counts.Sum());
        Assert.InRange(count, 100, 100 + counts[0]);
        Assert.All(blocks, block => Assert.Equal(
            BinaryPrimitives.ReadInt32LittleEndian(((byte[])block!).AsSpan(8)),
            Count(((byte[])block!).AsSpan(12))));

        static int Count(ReadOnlySpan<byte> records)
        {
            var count = 0;
            foreach (var _ in new TradeFrame.RecordEnumerator(records))
                count++;
            return count;
        }
    }
}
