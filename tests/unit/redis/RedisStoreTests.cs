using System.Diagnostics;
using StackExchange.Redis;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>What workers have committed, a query answers, from Redis or memory.</summary>
public sealed class RedisStoreTests(ITestOutputHelper output)
{
    private static readonly DateTime Start = new(2026, 2, 28, 23, 58, 30, DateTimeKind.Utc);

    private static readonly Grouping[] Groupings =
        [Grouping.None, Grouping.Pair, Grouping.Country, Grouping.Pair | Grouping.Country];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task AssertAnswersAsync(
        RedisStore store, CellWriter cells, Random random, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var resolution = (Resolution)random.Next(Resolutions.Count);
            var from = Start.Ticks + random.Next(-5, 80) * resolution.Ticks + random.Next(2);
            var isWide = resolution > Resolution.Second;
            var query = new AggregateQuery(
                resolution,
                isWide && random.Next(4) == 0 ? 0 : from,
                isWide && random.Next(4) == 0
                    ? long.MaxValue
                    : from + random.Next(90) * resolution.Ticks,
                random.Next(3) == 0 ? CellWriter.Key(random).Pair : null,
                random.Next(3) == 0 ? CellWriter.Key(random).Country : null,
                Groupings[random.Next(Groupings.Length)]);
            Assert.Equal(
                cells.Answer(query),
                CellWriter.Describe(await store.QueryAsync(query, Cancellation)));
        }
    }

    private static async Task CommitAsync(CellWriter cells, Random random, int shards, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var resolution = (Resolution)random.Next(Resolutions.Count);
            var start = resolution.StartOf(Start.Ticks) + random.Next(70) * resolution.Ticks;
            await cells.CommitAsync(
                random.Next(shards),
                new IntervalKey(resolution, start),
                [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => CellWriter.Key(random))],
                close: random.Next(3) == 0);
        }
    }

    // The time that the store knows of bounds the longest ranges.
    private static async Task CommitStateAsync(RedisBackEnd backEnd)
    {
        var end = Start.Ticks + 70 * TimeSpan.TicksPerDay;
        for (var shard = 0; shard < backEnd.ShardCount; shard++)
        {
            await backEnd.Link.CallAsync(async redis =>
            {
                await redis.HashSetAsync(
                    RedisKeys.State(shard),
                    [new HashEntry("since", Start.Ticks), new HashEntry("time", end)]);
                return true;
            });
        }
    }

    [Theory]
    [InlineData(1, 256 << 20)]
    [InlineData(3, 256 << 20)]
    [InlineData(3, 6_000)]
    public async Task Query_AfterRandomCommits_EqualsAPlainMerge(int shards, long cacheBytes)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var server = await RedisServer.StartAsync();
        var options = server.Options(shards);
        options.CacheBytes = cacheBytes;
        await using var backEnd = await server.OpenAsync(options);
        var cells = new CellWriter(backEnd, random);
        var warm = new RedisStore(backEnd, TimeProvider.System);
        await CommitStateAsync(backEnd);
        for (var round = 0; round < 6; round++)
        {
            await CommitAsync(cells, random, shards, 60);
            await AssertAnswersAsync(warm, cells, random, 40);
            Assert.InRange(warm.Cache.Bytes, 0, cacheBytes);
            var cold = new RedisStore(backEnd, TimeProvider.System);
            await AssertAnswersAsync(cold, cells, random, 10);
        }
    }

    [Fact]
    public async Task Query_Repeated_ReadsOnlyCellsThatChanged()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync(server.Options(2));
        var random = new Random(5);
        var cells = new CellWriter(backEnd, random);
        for (var i = 0; i < 40; i++)
            await CommitOneAsync(i);
        var store = new RedisStore(backEnd, TimeProvider.System);
        var query = new AggregateQuery(
            Resolution.Minute,
            Start.Ticks - TimeSpan.TicksPerHour,
            Start.Ticks + TimeSpan.TicksPerHour,
            GroupBy: Grouping.Pair);
        var total = query with { GroupBy = Grouping.None };
        Assert.Equal(cells.Answer(total), Describe(await store.QueryAsync(total, Cancellation)));
        Assert.Equal(0, store.Reader.Fetches);
        Assert.Equal(cells.Answer(query), Describe(await store.QueryAsync(query, Cancellation)));
        Assert.Equal(40, store.Reader.Fetches);
        Assert.Equal(cells.Answer(query), Describe(await store.QueryAsync(query, Cancellation)));
        Assert.Equal(40, store.Reader.Fetches);
        await CommitOneAsync(7);
        Assert.Equal(cells.Answer(query), Describe(await store.QueryAsync(query, Cancellation)));
        Assert.Equal(41, store.Reader.Fetches);

        // Many who ask for the same at once: it is read once.
        await CommitOneAsync(8);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => store.QueryAsync(query, Cancellation).AsTask()));
        Assert.InRange(store.Reader.Fetches, 42, 44);

        Task CommitOneAsync(int i) => cells.CommitAsync(
            i % 2,
            new IntervalKey(
                Resolution.Minute,
                Resolution.Minute.StartOf(Start.Ticks) + i / 2 * TimeSpan.TicksPerMinute),
            [CellWriter.Key(random)],
            close: i % 3 == 0);

        static string Describe(IReadOnlyList<Series> series) => CellWriter.Describe(series);
    }

    [Theory]
    [InlineData(Resolution.Day, 366)]
    [InlineData(Resolution.Hour, 31 * 24)]
    [InlineData(Resolution.Minute, 26 * 60)]
    public async Task Query_OfALongRange_TakesLessThanASecond(Resolution resolution, int intervals)
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync(server.Options(4));
        var random = new Random(intervals);
        var cells = new CellWriter(backEnd, random);
        var first = resolution.StartOf(Start.Ticks);
        for (var i = 0; i < intervals; i++)
        {
            await cells.CommitAsync(
                i % 4,
                new IntervalKey(resolution, first + i * resolution.Ticks),
                [CellWriter.Key(random)],
                close: true);
        }
        var store = new RedisStore(backEnd, TimeProvider.System);
        var query = new AggregateQuery(resolution, first, first + intervals * resolution.Ticks);
        foreach (var asked in new[] { query, query with { GroupBy = Grouping.Pair } })
        {
            var started = Stopwatch.GetTimestamp();
            var series = await store.QueryAsync(asked, Cancellation);
            var took = Stopwatch.GetElapsedTime(started);
            output.WriteLine($"{asked.GroupBy}: {took.TotalMilliseconds:0} ms");
            Assert.Equal(intervals, series.Sum(one => one.Points.Count));
            Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Trades_OfAllShards_AreMergedNewestFirst()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync(server.Options(3));
        var sample = new SampleFrames(3);
        var expected = new List<Trade>();
        for (var i = 0; i < 60; i++)
        {
            // Pairs of blocks of one shard share an instant.
            var at = Start.AddMilliseconds(i / 6 * 10 + i % 3).Ticks;
            var frame = sample.Frame(1 + i % 4, at);
            _ = TradeFrame.Read(frame, out var header);
            byte[] element =
            [
                .. BitConverter.GetBytes(at),
                .. BitConverter.GetBytes(header.Count),
                .. frame[TradeFrame.HeaderBytes..],
            ];
            _ = await backEnd.Link.CallAsync(
                redis => redis.ListRightPushAsync(RedisKeys.Recent(i % 3), element), Cancellation);
            foreach (var record in TradeFrame.Records(frame, header))
                expected.Add(record.ToTrade(at));
        }
        expected = [.. Enumerable.Reverse(expected).OrderByDescending(trade => trade.ReceivedAt)];
        var store = new RedisStore(backEnd, TimeProvider.System);
        Assert.Equal(expected, await store.TradesAsync(new TradeQuery(1_000), Cancellation));
        Assert.Equal(expected[..7], await store.TradesAsync(new TradeQuery(7), Cancellation));
        var one = expected[20];
        Assert.Equal(
            expected.Where(trade => trade.UserId == one.UserId
                && trade.OriginatingCountry == one.OriginatingCountry
                && trade.CurrencyFrom == one.CurrencyFrom && trade.CurrencyTo == one.CurrencyTo),
            await store.TradesAsync(
                new TradeQuery(
                    1_000,
                    new CurrencyPair(one.CurrencyFrom, one.CurrencyTo),
                    one.OriginatingCountry,
                    one.UserId),
                Cancellation));
    }
}
