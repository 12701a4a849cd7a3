using System.Diagnostics;
using System.Globalization;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.BackEnds;

/// <summary>What every back end promises, in the terms of the interfaces alone.</summary>
public abstract class BackEndContract : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Opens it as a program does; a second time: as the program that is started again.</summary>
    private protected abstract Task<BackEnd> OpenAsync();

    /// <summary>Takes all its content away while nobody has it open.</summary>
    private protected abstract Task EmptyAsync();

    [Fact]
    public async Task Append_Frames_AreReadInOrderByteForByte()
    {
        await using var backEnd = await OpenAsync();
        var frames = new SampleFrames(41);
        var appended = new List<byte[]>[backEnd.Log.ShardCount];
        var leases = await backEnd.TakeAsync();
        for (var shard = 0; shard < appended.Length; shard++)
        {
            appended[shard] = frames.Frames(30);
            foreach (var frame in appended[shard])
                await backEnd.Log.AppendAsync(shard, frame, Cancellation);
        }
        foreach (var lease in leases)
        {
            var expected = appended[lease.Shard].SelectMany(frame => frame).ToArray();
            var (read, _) = await ReadAsync(lease, expected.Length);
            Assert.Equal(expected, read);
            Assert.True((await lease.ReadAsync(Cancellation)).IsEmpty);
            await lease.DisposeAsync();
        }
    }

    [Fact]
    public async Task Append_WhileAWorkerWaits_EndsTheWait()
    {
        await using var backEnd = await OpenAsync();
        foreach (var lease in await backEnd.TakeAsync())
        {
            var waiting = lease.WaitAsync(Cancellation).AsTask();
            Assert.False(waiting.IsCompleted);
            await backEnd.Log.AppendAsync(
                lease.Shard, new SampleFrames(42).Frame(3, SampleFrames.StartTicks), Cancellation);
            await waiting.WaitAsync(Patience, Cancellation);
            await lease.DisposeAsync();
        }
    }

    [Fact]
    public async Task Probe_AndLimits_AreThoseOfALogThatWorks()
    {
        await using var backEnd = await OpenAsync();
        await backEnd.Log.ProbeAsync(Cancellation);
        Assert.InRange(backEnd.Log.ShardCount, 1, 256);
        Assert.InRange(backEnd.Log.FramePayloadBytes, 4096, TradeFrame.MaxPayloadBytes);
    }

    [Fact]
    public async Task Rewind_ReadsAgainWhatWasNotCommitted()
    {
        await using var backEnd = await OpenAsync();
        var (first, second) = (Frame(1), Frame(2));
        await backEnd.Log.AppendAsync(0, first, Cancellation);
        var lease = (await backEnd.TakeAsync()).Single(each => each.Shard == 0);
        var (_, end) = await ReadAsync(lease, first.Length);
        await lease.CommitAsync(Empty(end, total: 1), Cancellation);
        await backEnd.Log.AppendAsync(0, second, Cancellation);
        Assert.Equal(second, (await ReadAsync(lease, second.Length)).Read);
        lease.Rewind();
        Assert.Equal(second, (await ReadAsync(lease, second.Length)).Read);
        await lease.DisposeAsync();
    }

    [Fact]
    public async Task Lease_GivenBack_IsHandedOutAgainAndGoesOnBehindTheLastCommit()
    {
        await using var backEnd = await OpenAsync();
        var (first, second) = (Frame(1), Frame(2));
        await backEnd.Log.AppendAsync(0, first, Cancellation);
        await backEnd.Log.AppendAsync(0, second, Cancellation);
        foreach (var lease in await backEnd.TakeAsync())
        {
            if (lease.Shard == 0)
            {
                var batch = await lease.ReadAsync(Cancellation);
                var end = batch.EndPosition - (batch.Frames.Length - first.Length);
                await lease.CommitAsync(
                    Empty(batch.Frames.Length == first.Length ? batch.EndPosition : end, total: 1),
                    Cancellation);
            }
            await lease.DisposeAsync();
        }
        foreach (var lease in await backEnd.TakeAsync())
        {
            if (lease.Shard == 0)
            {
                Assert.Equal(1, lease.AggregatedTotal);
                Assert.Equal(second, (await ReadAsync(lease, second.Length)).Read);
            }
            await lease.DisposeAsync();
        }
    }

    [Fact]
    public async Task Commit_LoadedAgainAndRepeated_GivesTheSameCells()
    {
        await using var backEnd = await OpenAsync();
        var frame = Frame(1);
        await backEnd.Log.AppendAsync(0, frame, Cancellation);
        var leases = await backEnd.TakeAsync();
        var lease = leases.Single(each => each.Shard == 0);
        var (_, end) = await ReadAsync(lease, frame.Length);
        var cells = Cells(7);
        foreach (var isClosing in (bool[])[false, true])
        {
            var commit = Empty(end, total: 70) with
            {
                Intervals = [.. Resolutions.All.ToArray().Select(
                    resolution => Interval(resolution, cells, isClosing))],
            };
            await lease.CommitAsync(commit, Cancellation);
            await lease.CommitAsync(commit, Cancellation);
            foreach (var interval in commit.Intervals)
                Assert.Equal(Describe(cells), Describe(await lease.LoadAsync(interval.Interval, Cancellation)));
        }
        // A frame that came late: one cell more, in an interval that was closed.
        await backEnd.Log.AppendAsync(0, Frame(2), Cancellation);
        (_, end) = await ReadAsync(lease, Frame(2).Length);
        var more = Cells(8);
        var late = Interval(Resolution.Second, more, isClosing: false) with
        {
            Cells = new[] { more[^1] },
        };
        await lease.CommitAsync(Empty(end, total: 80) with { Intervals = [late] }, Cancellation);
        Assert.Equal(Describe(more), Describe(await lease.LoadAsync(late.Interval, Cancellation)));
        Assert.Equal(80, lease.AggregatedTotal);
        Assert.Empty(await lease.LoadAsync(
            new IntervalKey(Resolution.Second, SampleFrames.StartTicks + TimeSpan.TicksPerDay),
            Cancellation));
        await Task.WhenAll(leases.Select(each => each.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Count_OverRestartsAtRandomMoments_EqualsTheModelInEveryGrouping()
    {
        const int Seed = 43;
        var random = new Random(Seed);
        var frames = new SampleFrames(Seed).Frames(150);
        var position = 0;
        var epochs = new HashSet<string>();
        while (position < frames.Count)
        {
            await using var backEnd = await OpenAsync();
            for (var left = random.Next(60); left > 0 && position < frames.Count; left--)
            {
                var shard = random.Next(backEnd.Log.ShardCount);
                await backEnd.Log.AppendAsync(shard, frames[position++], Cancellation);
            }
            if (random.Next(3) > 0)
                await backEnd.CountAsync();
            _ = epochs.Add((await backEnd.Store.SummaryAsync(Cancellation)).Epoch);
        }
        await using var last = await OpenAsync();
        await last.CountAsync();
        var model = new CountModel(frames);
        foreach (var resolution in Resolutions.All.ToArray())
        {
            foreach (var grouping in (Grouping[])[
                Grouping.None, Grouping.Pair, Grouping.Country, Grouping.Pair | Grouping.Country])
            {
                var query = new AggregateQuery(resolution, 0, DateTime.MaxValue.Ticks, GroupBy: grouping);
                var series = await last.Store.QueryAsync(RangeOf(query), Cancellation);
                Assert.Equal(model.Lines(resolution, grouping), CountModel.Lines(series));
            }
        }
        var summary = await last.Store.SummaryAsync(Cancellation);
        Assert.Equal(model.Total, summary.Aggregated);
        Assert.Equal(model.Pairs, summary.Pairs);
        Assert.Equal(model.Countries, summary.Countries);
        Assert.Equal(0, summary.LagSeconds);
        Assert.Equal(model.FirstTicks, summary.Since!.Value.Ticks);
        Assert.Equal(summary.Epoch, Assert.Single(epochs));
    }

    [Fact]
    public async Task Epoch_OfAnotherContent_IsAnother()
    {
        string before;
        await using (var backEnd = await OpenAsync())
            before = (await backEnd.Store.SummaryAsync(Cancellation)).Epoch;
        await EmptyAsync();
        await using (var backEnd = await OpenAsync())
        {
            var summary = await backEnd.Store.SummaryAsync(Cancellation);
            Assert.NotEqual(before, summary.Epoch);
            Assert.Equal((0, null), (summary.Aggregated, summary.Since));
        }
    }

    [Fact]
    public async Task Lag_IsTheAgeOfTheOldestFrameThatIsNotCounted()
    {
        await using var backEnd = await OpenAsync();
        var frames = new SampleFrames(44);
        var now = DateTime.UtcNow;
        await backEnd.Log.AppendAsync(0, frames.Frame(1, now.AddSeconds(-9).Ticks), Cancellation);
        await backEnd.Log.AppendAsync(0, frames.Frame(1, now.AddSeconds(-2).Ticks), Cancellation);
        var summary = await backEnd.Store.SummaryAsync(Cancellation);
        Assert.InRange(summary.LagSeconds, 9, 9 + Patience.TotalSeconds);
        await backEnd.CountAsync();
        await UntilAsync(async () =>
            (await backEnd.Store.SummaryAsync(Cancellation)) is { LagSeconds: 0, Aggregated: 2 });
    }

    [Fact]
    public async Task Trades_TheNewest_ComeNewestFirstThroughEachFilter()
    {
        await using var backEnd = await OpenAsync();
        var frames = new SampleFrames(45).Frames(20);
        for (var i = 0; i < frames.Count; i++)
            await backEnd.Log.AppendAsync(i % backEnd.Log.ShardCount, frames[i], Cancellation);
        await backEnd.CountAsync();
        var all = frames.SelectMany(CountModel.TradesOf).Reverse().ToList();
        var sample = all[all.Count / 2];
        foreach (var query in (TradeQuery[])[
            new(10_000),
            new(7),
            new(10_000, Pair: CountModel.PairOf(all[0])),
            new(10_000, Country: sample.OriginatingCountry),
            new(3, Pair: CountModel.PairOf(sample), Country: sample.OriginatingCountry),
            new(10_000, UserId: sample.UserId)])
        {
            var expected = all
                .Where(trade => query.Pair is null || CountModel.PairOf(trade) == query.Pair)
                .Where(trade => query.Country is null || trade.OriginatingCountry == query.Country)
                .Where(trade => query.UserId is null || trade.UserId == query.UserId)
                .Take(query.Limit);
            await UntilAsync(async () =>
                (await backEnd.Store.TradesAsync(query, Cancellation)).SequenceEqual(expected));
        }
    }

    [Fact]
    public async Task Rejects_AddedByManyRequests_AreCountedByCodeAndKeptNewestFirst()
    {
        await using var backEnd = await OpenAsync();
        var at = new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < 50; i++)
        {
            var code = i % 2 == 0 ? "too_precise" : "required";
            backEnd.Rejects.Add(new RejectBatch(
                2,
                [KeyValuePair.Create(code, 2L), KeyValuePair.Create("bad_time", 1L)],
                [new Reject(at.AddSeconds(i), [new FieldError("rate", code)], $"{{\"rate\":{i}…")]));
        }
        await UntilAsync(async () => (await backEnd.Store.RejectsAsync(5, Cancellation)).Total == 100);
        var report = await backEnd.Store.RejectsAsync(5, Cancellation);
        Assert.Equal(50, report.ByCode["too_precise"]);
        Assert.Equal(50, report.ByCode["required"]);
        Assert.Equal(50, report.ByCode["bad_time"]);
        Assert.Equal(3, report.ByCode.Count);
        Assert.Equal(
            ["{\"rate\":49…", "{\"rate\":48…", "{\"rate\":47…", "{\"rate\":46…", "{\"rate\":45…"],
            report.Recent.Select(reject => reject.Body));
        Assert.Equal(at.AddSeconds(49), report.Recent[0].At);
        Assert.Equal(new FieldError("rate", "required"), Assert.Single(report.Recent[0].Errors));
        Assert.Equal(100, (await backEnd.Store.SummaryAsync(Cancellation)).Rejected);
    }

    [Fact]
    public async Task Feed_AfterACommit_TellsWhichSecondsChangedAndTheNewestTrades()
    {
        await using var backEnd = await OpenAsync();
        var heard = new List<LiveUpdate>();
        var frame = new SampleFrames(46).Frame(5, SampleFrames.StartTicks);
        using (backEnd.Feed.Listen(update =>
        {
            lock (heard)
                heard.Add(update);
        }))
        {
            // A subscription may take a moment to hold; until then the feed says so with a null.
            await UntilAsync(() =>
            {
                backEnd.Feed.Publish(new LiveUpdate(0, [1], []));
                lock (heard)
                    return Task.FromResult(heard.Any(update => update.SecondsTicks is [1]));
            });
            await backEnd.Log.AppendAsync(0, frame, Cancellation);
            await backEnd.CountAsync();
            await UntilAsync(() =>
            {
                lock (heard)
                    return Task.FromResult(heard.Any(update => update.NewestTrades.Count == 5));
            });
        }
        var counted = heard.Single(update => update.NewestTrades.Count == 5);
        Assert.Equal(
            Resolution.Second.StartOf(SampleFrames.StartTicks), Assert.Single(counted.SecondsTicks!));
        Assert.Equal(CountModel.TradesOf(frame), counted.NewestTrades);
        heard.Clear();
        backEnd.Feed.Publish(new LiveUpdate(0, [2], []));
        Assert.Empty(heard);
    }

    [Fact]
    public async Task Once_KeysOverARestart_AreLoggedOnceAndBoundToTheirBody()
    {
        var (first, second) = (Once(1, body: 1), Once(2, body: 1));
        await using (var backEnd = await OpenAsync())
        {
            var shard = backEnd.Once.ShardOf(first.Bound.Key);
            Assert.Equal([OnceOutcome.Logged], await AppendOnceAsync(backEnd, shard, first));
            Assert.Equal([OnceOutcome.Repeated], await AppendOnceAsync(backEnd, shard, first));
        }
        await using (var backEnd = await OpenAsync())
        {
            var shard = backEnd.Once.ShardOf(first.Bound.Key);
            Assert.Equal(
                [OnceOutcome.Repeated, OnceOutcome.Logged],
                await AppendOnceAsync(backEnd, shard, first, second));
            Assert.Equal(
                [OnceOutcome.OtherBody], await AppendOnceAsync(backEnd, shard, Once(1, body: 2)));
            await backEnd.CountAsync();
            Assert.Equal(2, (await backEnd.Store.SummaryAsync(Cancellation)).Aggregated);
        }
    }

    [Fact]
    public async Task DeadLetter_IsKeptAside_AndReplayedOnce()
    {
        await using var backEnd = await OpenAsync();
        var (bad, good) = (Frame(1), Frame(2));
        await backEnd.Log.AppendAsync(0, bad, Cancellation);
        var leases = await backEnd.TakeAsync();
        var lease = leases.Single(each => each.Shard == 0);
        var (_, end) = await ReadAsync(lease, bad.Length);
        Assert.Equal(1, await lease.FailedAsync("cannot be counted", Cancellation));
        Assert.Equal(2, await lease.FailedAsync("cannot be counted", Cancellation));
        await lease.CommitAsync(
            new ShardCommit(end, 0, 0, 0, [], [], "cannot be counted"), Cancellation);
        await Task.WhenAll(leases.Select(each => each.DisposeAsync().AsTask()));

        var letter = Assert.Single((await backEnd.DeadLetters.ListAsync(10, Cancellation)).Recent);
        Assert.Equal((0, 3, "cannot be counted"), (letter.Shard, letter.Trades, letter.Reason));
        await backEnd.Log.AppendAsync(0, good, Cancellation);
        await backEnd.CountAsync();
        Assert.Equal(3, (await backEnd.Store.SummaryAsync(Cancellation)).Aggregated);

        Assert.Equal(1, (await backEnd.DeadLetters.ReplayAsync(letter.Id, Cancellation)).Done);
        Assert.Equal(0, (await backEnd.DeadLetters.ReplayAsync(letter.Id, Cancellation)).Done);
        Assert.Equal(0, (await backEnd.DeadLetters.PurgeAsync(null, Cancellation)).Done);
        await backEnd.CountAsync();
        await UntilAsync(async () =>
            (await backEnd.Store.SummaryAsync(Cancellation)).Aggregated == 6);
        Assert.Equal(0, (await backEnd.DeadLetters.ListAsync(10, Cancellation)).Total);
    }

    private static ValueTask<OnceOutcome[]> AppendOnceAsync(
        BackEnd backEnd, int shard, params OnceAppend[] appends) =>
        backEnd.Once.AppendOnceAsync(shard, appends, DateTime.UtcNow.Ticks, Cancellation);

    // Keys that differ in a part that does not choose the shard.
    private static OnceAppend Once(ulong key, ulong body) => new(
        new BoundKey(new RequestKey(0, key), new BodyDigest(body, 0)),
        new SampleFrames((int)key).Record(),
        Count: 1);

    private protected static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var started = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(started.Elapsed < Patience, "It did not come true in time.");
            await Task.Delay(20, Cancellation);
        }
    }

    /// <summary>Reads until so many bytes have come; returns the position behind them.</summary>
    private protected static async Task<(byte[] Read, long EndPosition)> ReadAsync(
        IShardLease lease, int bytes)
    {
        var read = new List<byte>();
        var end = 0L;
        while (read.Count < bytes)
        {
            await lease.WaitAsync(Cancellation).AsTask().WaitAsync(Patience, Cancellation);
            var batch = await lease.ReadAsync(Cancellation);
            read.AddRange(batch.Frames.Span);
            end = batch.EndPosition;
        }
        return ([.. read], end);
    }

    private protected static byte[] Frame(ulong sequence)
    {
        var frame = new SampleFrames((int)sequence).Frame(3, SampleFrames.StartTicks + (long)sequence);
        TradeFrame.Seal(frame, 3, producerId: 9, sequence, SampleFrames.StartTicks + (long)sequence);
        return frame;
    }

    private static ShardCommit Empty(long end, long total) => new(
        end, SampleFrames.StartTicks, SampleFrames.StartTicks, total, [], []);

    private static Cell[] Cells(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        Assert.True(CountryCode.TryParse("FR".AsSpan(), out var country));
        var pair = new CurrencyPair(
            AssetCode.Parse("EUR"), AssetCode.Parse(((char)('A' + i)).ToString(CultureInfo.InvariantCulture) + "BC"));
        var value = default(Aggregate);
        for (var trade = 0; trade < 10; trade++)
        {
            value.Add(
                new ExactDecimal((ulong)(i + 1), 3), new ExactDecimal(7, 0), new ExactDecimal(5, 1),
                SampleFrames.StartTicks + trade);
        }
        return new Cell { Key = new CellKey(pair, country), Value = value };
    })];

    private static IntervalCells Interval(Resolution resolution, Cell[] cells, bool isClosing)
    {
        var total = default(Aggregate);
        foreach (var cell in cells)
            total.Merge(cell.Value);
        return new IntervalCells(
            new IntervalKey(resolution, resolution.StartOf(SampleFrames.StartTicks)),
            cells, cells, total, isClosing);
    }

    private static string Describe(IEnumerable<Cell> cells) => string.Join('\n', cells
        .OrderBy(cell => cell.Key)
        .Select(cell => $"{cell.Key} {cell.Value.Count} {cell.Value.SellUnits} {cell.Value.BuyUnits} "
            + $"{cell.Value.Open} {cell.Value.Close} {cell.Value.High} {cell.Value.Low}"));

    // The storage API asks for bounded ranges only: two days around the sample frames.
    private static AggregateQuery RangeOf(AggregateQuery query)
    {
        var margin = Math.Max(query.Resolution.Ticks, TimeSpan.TicksPerMinute * 5);
        return query with
        {
            FromTicks = query.Resolution.StartOf(SampleFrames.StartTicks - margin),
            ToTicks = query.Resolution.StartOf(SampleFrames.StartTicks + margin) + query.Resolution.Ticks,
        };
    }
}
