using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;
using TradeProcessor.Frontend.Live;
using TradeProcessor.Storage.Engine;
using TradeProcessor.Storage.Engine.Files;
using TradeProcessor.Storage.Engine.Processes;

namespace TradeProcessor.Tests.Unit.Live;

/// <summary>The board over the real store: snapshot, updates, gaps, slow viewers.</summary>
public sealed class LiveBoardTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryDirectory _directory = new();
    private readonly FileBackEnd _backEnd;
    private readonly LocalLiveFeed _feed = new();
    private readonly ManualTime _time = new(DateTime.UtcNow);
    private readonly LiveBoard _board;
    private readonly SampleFrames _sample = new(31);
    private long _position;
    private long _total;

    public LiveBoardTests()
    {
        var retention = new CellRetention(
            TimeSpan.FromHours(1), TimeSpan.FromHours(26), TimeSpan.FromDays(32), TimeSpan.FromDays(99));
        _backEnd = new FileBackEnd(
            new StorageOptions { Path = _directory.Path },
            retention,
            TimeProvider.System,
            NullLogger<FileBackEnd>.Instance);
        var options = new LiveOptions { ViewerQueue = 4, MaxViews = 2, CohortViewers = 3 };
        _board = new LiveBoard(
            _backEnd.Store, _feed, Health, metrics: null, Options.Create(options), _time);
    }

    public void Dispose()
    {
        _board.Dispose();
        _backEnd.Dispose();
        _directory.Dispose();
    }

    /// <summary>Commits and rings as a worker does.</summary>
    private void Trade(params ReadOnlySpan<long> secondsTicks)
    {
        foreach (var start in secondsTicks)
        {
            var record = new TradeRecord(_sample.Record());
            var cell = new Cell
            {
                Key = new CellKey(record.Pair, record.Country),
                Value = Aggregate.Of(record.AmountSell, record.AmountBuy, record.Rate, start),
            };
            _backEnd.Store.Apply(new ShardCommit(
                ++_position,
                start,
                start,
                ++_total,
                [new IntervalCells(
                    new IntervalKey(Resolution.Second, start),
                    new[] { cell },
                    new[] { cell },
                    cell.Value,
                    IsClosing: false)],
                [new RecordBlock(start, record.Bytes.ToArray())]));
        }
        _feed.Publish(new LiveUpdate(0, secondsTicks.ToArray(), []));
    }

    private HealthReader Health => new(
        _backEnd.Store,
        new FileStoreHealth(_backEnd),
        new LocalProcessBoard(),
        new FileDeadLetters(new StorageOptions { Path = _directory.Path }, () => _backEnd),
        TimeProvider.System);

    private static long Now => Resolution.Second.StartOf(DateTime.UtcNow.Ticks);

    private static JsonElement Read(LiveMessage message) =>
        JsonDocument.Parse(message.Json).RootElement;

    private async Task<(JsonElement Snapshot, ConcurrentQueue<LiveMessage> Updates)> WatchAsync(
        string connection, View view = default)
    {
        var updates = new ConcurrentQueue<LiveMessage>();
        var snapshot = await _board.WatchAsync(
            connection,
            view,
            new Link(message =>
            {
                updates.Enqueue(message);
                return Task.CompletedTask;
            }),
            None);
        return (Read(snapshot!), updates);
    }

    private sealed class Link(Func<LiveMessage, Task> send) : IViewerLink
    {
        public bool IsCut { get; private set; }

        public ValueTask SendAsync(LiveMessage message) => new(send(message));

        public void Cut() => IsCut = true;
    }

    private sealed class NoticedTime : TimeProvider
    {
        public Action? AtNextLook { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            var act = AtNextLook;
            AtNextLook = null;
            act?.Invoke();
            return base.GetUtcNow();
        }
    }

    private static async Task<JsonElement> NextAsync(ConcurrentQueue<LiveMessage> updates)
    {
        LiveMessage? message;
        while (!updates.TryDequeue(out message))
            await Task.Delay(1, TestContext.Current.CancellationToken);
        return Read(message);
    }

    [Fact]
    public async Task Watch_ThenTick_UpdatesFollowTheSnapshotWithoutAGap()
    {
        var start = Now;
        Trade(start);
        var (snapshot, updates) = await WatchAsync("a");
        Assert.Equal(1, snapshot.GetProperty("series")[0].GetProperty("count").GetInt64());
        var sequence = snapshot.GetProperty("sequence").GetInt64();
        for (var i = 1; i <= 4; i++)
        {
            Trade(start + i * TimeSpan.TicksPerSecond);
            if (i >= 3)
                _time.Advance(TimeSpan.FromSeconds(1));
            await _board.TickAsync(None);
            var update = await NextAsync(updates);
            Assert.Equal(sequence + i, update.GetProperty("sequence").GetInt64());
            Assert.Equal(
                snapshot.GetProperty("epoch").GetString(), update.GetProperty("epoch").GetString());
            Assert.Equal(
                1 + i, update.GetProperty("summary").GetProperty("aggregated").GetInt64());
            // Rankings come every other second.
            Assert.Equal(i == 3, update.TryGetProperty("pairs", out _));
        }
    }

    [Fact]
    public async Task Ticks_MuchIsNew_SpreadLongPartsOverUpdates()
    {
        string[] parts = ["pairs", "countries", "flows", "trades"];
        var start = Now;
        Trade(start);
        var trade = (await _backEnd.Store.TradesAsync(new TradeQuery(1), None))[0];
        var (_, updates) = await WatchAsync("a");
        var told = new List<string>();
        int? pairs = null;
        for (var tick = 0; tick < 80; tick++)
        {
            Trade(start);
            _feed.Publish(new LiveUpdate(
                0, [start], [.. Enumerable.Repeat(trade, LiveChanges.MaxTrades)]));
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await _board.TickAsync(None);
            var update = await NextAsync(updates);
            told.Add(string.Join(' ', parts.Where(part => update.TryGetProperty(part, out _))));
            // The halves are of one reading, whatever came between them.
            if (update.TryGetProperty("pairs", out var rows))
                pairs = Sum(rows);
            if (pairs is not null && update.TryGetProperty("flows", out rows))
                Assert.Equal(pairs, Sum(rows));
        }
        var counts = told.Skip(8).CountBy(each => each).ToDictionary();
        Assert.Equal(4, counts.Count);
        Assert.Equal(9, counts["pairs"]);
        Assert.Equal(9, counts["countries flows"]);
        Assert.Equal(18, counts["trades"]);
        Assert.Equal(36, counts[""]);
        // No two of them follow each other.
        Assert.DoesNotContain(
            told.Skip(8).Zip(told.Skip(9)), two => two.First.Length > 0 && two.Second.Length > 0);

        static int Sum(JsonElement rows) =>
            rows.EnumerateArray().Sum(row => row.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Ticks_SlowerThanASecond_TellRankingsToEachCohort()
    {
        var viewers = new List<ConcurrentQueue<LiveMessage>>();
        for (var i = 0; i < 4; i++)
            viewers.Add((await WatchAsync($"{i}")).Updates);
        Assert.Equal(2, _board.Cohorts);
        // Seconds go by in each tick, so a cohort sees every other one.
        for (var tick = 0; tick < 12; tick++)
        {
            Trade(Now);
            _time.Advance(TimeSpan.FromSeconds(1));
            await _board.TickAsync(None);
        }
        foreach (var updates in viewers)
        {
            var told = updates.Select(Read).ToList();
            Assert.Equal(6, told.Count);
            foreach (var part in (string[])["pairs", "countries", "flows"])
                Assert.InRange(told.Count(update => update.TryGetProperty(part, out _)), 5, 6);
        }
    }

    [Fact]
    public async Task Ticks_MoreTradesThanAPageShows_TellTheNewestOfAFilter()
    {
        var start = Now;
        Trade(start);
        var mine = (await _backEnd.Store.TradesAsync(new TradeQuery(1), None))[0];
        var pair = new CurrencyPair(mine.CurrencyFrom, mine.CurrencyTo);
        var (_, updates) = await WatchAsync("a", new View(pair, null, null));
        Trade other;
        do
        {
            Trade(start);
            other = (await _backEnd.Store.TradesAsync(new TradeQuery(1), None))[0];
        }
        while (new CurrencyPair(other.CurrencyFrom, other.CurrencyTo) == pair);
        for (var i = 0; i < 500; i++)
            Trade(start); // some of the pair, which the feed leaves out
        _feed.Publish(new LiveUpdate(
            0, [start], [.. Enumerable.Repeat(other, LiveChanges.MaxTrades)]));

        JsonElement told = default;
        for (var tick = 0; tick < 4 && told.ValueKind == JsonValueKind.Undefined; tick++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await _board.TickAsync(None);
            _ = (await NextAsync(updates)).TryGetProperty("trades", out told);
        }
        var newest = await _backEnd.Store.TradesAsync(
            new TradeQuery(LiveChanges.MaxTrades, pair), None);
        Assert.True(newest.Count > 1);
        Assert.Equal(
            newest.Select(trade => trade.UserId),
            told.EnumerateArray().Select(trade => trade.GetProperty("userId").GetString()));
    }

    [Fact]
    public async Task Watch_TwoPairsCompared_TellsTradesOfBothByTheirTime()
    {
        var start = Now;
        for (var i = 0; i < 200; i++)
            Trade(start + i);
        var all = await _backEnd.Store.TradesAsync(new TradeQuery(200), None);
        var pairs = all.Select(trade => new CurrencyPair(trade.CurrencyFrom, trade.CurrencyTo))
            .Distinct().Take(2).ToList();
        var view = new View(pairs[0], null, pairs[1]);
        var (snapshot, updates) = await WatchAsync("a", view);
        Assert.Equal(
            all.Where(trade => pairs.Contains(new(trade.CurrencyFrom, trade.CurrencyTo)))
                .Take(LiveChanges.MaxTrades).Select(trade => trade.UserId),
            snapshot.GetProperty("trades").EnumerateArray()
                .Select(trade => trade.GetProperty("userId").GetString()));

        _feed.Publish(new LiveUpdate(0, [start], [.. all.Reverse().Take(20)]));
        await _board.TickAsync(None);
        Assert.Equal(
            all.Reverse().Take(20).Where(view.Shows).Reverse().Select(trade => trade.UserId),
            (await NextAsync(updates)).GetProperty("trades").EnumerateArray()
                .Select(trade => trade.GetProperty("userId").GetString()));
        Assert.Contains(all, trade => !view.Shows(trade));
    }

    [Fact]
    public async Task Tick_ManySecondsChanged_LeavesASequenceNumberOut()
    {
        var (snapshot, updates) = await WatchAsync("a");
        var start = Now - 100 * TimeSpan.TicksPerSecond;
        Trade([.. Enumerable.Range(0, 100).Select(i => start + i * TimeSpan.TicksPerSecond)]);
        await _board.TickAsync(None);
        var update = await NextAsync(updates);
        Assert.Equal(
            snapshot.GetProperty("sequence").GetInt64() + 2,
            update.GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task Tick_ViewerThatDoesNotRead_KeepsTheNewestAndHoldsUpNobody()
    {
        var blocked = new TaskCompletionSource();
        var seen = new ConcurrentQueue<LiveMessage>();
        _ = await _board.WatchAsync(
            "slow",
            default,
            new Link(async message =>
            {
                await blocked.Task;
                seen.Enqueue(message);
            }),
            None);
        var (snapshot, quick) = await WatchAsync("quick");
        var sequence = snapshot.GetProperty("sequence").GetInt64();
        const int Ticks = 50;
        for (var i = 1; i <= Ticks; i++)
        {
            await _board.TickAsync(None);
            Assert.Equal(
                sequence + i, (await NextAsync(quick)).GetProperty("sequence").GetInt64());
        }
        blocked.SetResult();
        var last = 0L;
        var received = 0;
        while (last < sequence + Ticks)
        {
            last = (await NextAsync(seen)).GetProperty("sequence").GetInt64();
            received++;
        }
        Assert.InRange(received, 2, 5); // the one under way, and what the queue held at the end
    }

    [Fact]
    public async Task Ticks_MoreViewersThanACohortHas_TellEachOneAllThatChangedInTurn()
    {
        var viewers = new List<(JsonElement Snapshot, ConcurrentQueue<LiveMessage> Updates)>();
        for (var i = 0; i < 8; i++)
            viewers.Add(await WatchAsync($"{i}"));
        Assert.Equal(3, _board.Cohorts);
        for (var round = 1; round <= 3; round++)
        {
            Trade(Now);
            for (var turn = 1; turn <= 3; turn++)
            {
                await _board.TickAsync(None);
                Assert.Equal(Math.Min(3 * turn, 8), viewers.Count(v => v.Updates.Count == 1));
            }
            foreach (var (snapshot, updates) in viewers)
            {
                var update = await NextAsync(updates);
                Assert.Equal(
                    snapshot.GetProperty("sequence").GetInt64() + round,
                    update.GetProperty("sequence").GetInt64());
                Assert.Equal(
                    round, update.GetProperty("summary").GetProperty("aggregated").GetInt64());
                Assert.NotEqual(0, update.GetProperty("series").GetArrayLength());
            }
        }
    }

    [Fact]
    public async Task Viewers_ComingAndGoing_SeeNoGapAndNoRepeat()
    {
        const int Seed = 20261122;
        var random = new Random(Seed);
        var viewers = new Dictionary<string, (long Sequence, ConcurrentQueue<LiveMessage> Updates)>();
        var most = 0;
        for (var step = 0; step < 2000; step++)
        {
            // They become many, then fewer.
            if (random.Next(1000) < (step < 1000 ? 300 : 100))
            {
                var (snapshot, updates) = await WatchAsync($"{step}");
                viewers[$"{step}"] = (snapshot.GetProperty("sequence").GetInt64(), updates);
            }
            else if (viewers.Count > 0 && random.Next(1000) < (step < 1000 ? 150 : 400))
            {
                var gone = viewers.Keys.ElementAt(random.Next(viewers.Count));
                _board.Leave(gone);
                _ = viewers.Remove(gone);
            }
            most = Math.Max(most, _board.Cohorts);
            // All are told once within as many ticks as there are cohorts.
            var turns = _board.Cohorts;
            for (var turn = 0; turn < turns; turn++)
                await _board.TickAsync(None);
            foreach (var (name, (sequence, updates)) in viewers)
            {
                var update = await NextAsync(updates);
                Assert.Equal(sequence + 1, update.GetProperty("sequence").GetInt64());
                viewers[name] = (sequence + 1, updates);
            }
        }
        Assert.Equal(20, most);
        foreach (var name in viewers.Keys)
            _board.Leave(name);
        for (var turn = 0; turn < most; turn++)
            await _board.TickAsync(None);
        Assert.Equal(1, _board.Cohorts);
    }

    [Fact]
    public async Task Watch_Filtered_ShowsOnlyThat()
    {
        var start = Now;
        for (var i = 0; i < 50; i++)
            Trade(start);
        _ = CountryCode.TryParse("FR".AsSpan(), out var france);
        var (snapshot, _) = await WatchAsync("a", new View(null, france, null));
        var countries = snapshot.GetProperty("countries").EnumerateArray()
            .Select(row => row.GetProperty("country").GetString());
        Assert.All(countries, country => Assert.Equal("FR", country));
        Assert.All(
            snapshot.GetProperty("trades").EnumerateArray(),
            trade => Assert.Equal("FR", trade.GetProperty("originatingCountry").GetString()));
    }

    [Fact]
    public async Task Watch_TooManyViews_IsRefusedUntilOneLeaves()
    {
        static View Of(string country)
        {
            Assert.True(CountryCode.TryParse(country.AsSpan(), out var code));
            return new View(null, code, null);
        }

        _ = await WatchAsync("a", Of("FR"));
        _ = await WatchAsync("b", Of("GB"));
        _ = await WatchAsync("c", Of("GB"));
        var idle = new Link(_ => Task.CompletedTask);
        Assert.Null(await _board.WatchAsync("d", Of("US"), idle, None));
        _board.Leave("a");
        Assert.NotNull(await _board.WatchAsync("d", Of("US"), idle, None));
    }

    [Fact]
    public async Task Watch_ConnectionEndsMeanwhile_IsToldNothing()
    {
        using var end = new CancellationTokenSource();
        var time = new NoticedTime();
        using var board = new LiveBoard(
            _backEnd.Store, _feed, Health, metrics: null, Options.Create(new LiveOptions()), time);
        time.AtNextLook = () =>
        {
            // As the hub does at the end of a connection.
            end.Cancel();
            board.Leave("a");
        };
        var told = 0;
        _ = await board.WatchAsync("a", default, new Link(_ =>
        {
            told++;
            return Task.CompletedTask;
        }), end.Token);
        Assert.True(end.IsCancellationRequested);
        Trade(Now);
        await board.TickAsync(None);
        Assert.Equal(0, told);
    }

    [Fact]
    public async Task Watch_LongerRange_ShowsItsCellsAndItsName()
    {
        Trade(Now);
        var (snapshot, _) = await WatchAsync("a", new View(null, null, null, Range: LiveRange.Day));
        Assert.Equal("24h", snapshot.GetProperty("range").GetString());
        // This worker has made cells of a second only.
        Assert.Equal(0, snapshot.GetProperty("series").GetArrayLength());
    }

    [Fact]
    public async Task Watch_OneUser_CountsThatUsersTradesOnly()
    {
        var start = Now;
        for (var i = 0; i < 50; i++)
            Trade(start);
        var (all, _) = await WatchAsync("a");
        var user = all.GetProperty("trades")[0].GetProperty("userId").GetString();
        var theirs = all.GetProperty("trades").EnumerateArray()
            .Count(trade => trade.GetProperty("userId").GetString() == user);
        var (snapshot, _) = await WatchAsync("b", new View(null, null, null, User: user));
        foreach (var name in (string[])["pairs", "countries", "flows", "series"])
        {
            Assert.Equal(theirs, snapshot.GetProperty(name).EnumerateArray()
                .Sum(row => row.GetProperty("count").GetInt32()));
        }
    }

    [Fact]
    public async Task Watch_Rankings_AgreeWithEachOther()
    {
        var start = Now;
        for (var i = 0; i < 200; i++)
            Trade(start);
        var (snapshot, _) = await WatchAsync("a");
        // A cell of the same key takes the place of the one before.
        var counted = snapshot.GetProperty("series")[0].GetProperty("count").GetInt32();
        Assert.InRange(counted, 50, 200);
        foreach (var name in (string[])["countries", "flows"])
        {
            Assert.Equal(counted, snapshot.GetProperty(name).EnumerateArray()
                .Sum(row => row.GetProperty("count").GetInt32()));
        }
        var figures = snapshot.GetProperty("figures");
        Assert.Equal("good", figures.GetProperty("level").GetString());
        Assert.False(snapshot.TryGetProperty("health", out _));
    }

    [Fact]
    public async Task Watch_Health_TellsShardsAndFindings()
    {
        var (snapshot, updates) = await WatchAsync("a", new View(null, null, null, Health: true));
        Assert.Equal(1, snapshot.GetProperty("health").GetProperty("shards").GetArrayLength());
        _time.Advance(TimeSpan.FromSeconds(1));
        await _board.TickAsync(None);
        var health = (await NextAsync(updates)).GetProperty("health");
        Assert.Equal(7, health.GetProperty("findings").GetArrayLength());
    }

    [Theory]
    [InlineData("EUR/GBP", null, null, true)]
    [InlineData(null, "FR", "EUR/USD", true)]
    [InlineData("EURGBP", null, null, false)]
    [InlineData(null, "XX", null, false)]
    [InlineData(null, null, "?", false)]
    [InlineData(null, null, null, true, "24h", "u7", "FR")]
    [InlineData(null, null, null, false, "1y")]
    [InlineData(null, null, null, false, "24h", "")]
    [InlineData(null, null, null, false, "24h", "u7", "XX")]
    public void Parse_Request_IsUnderstoodOrExplained(
        string? pair, string? country, string? focus, bool good,
        string? range = null, string? user = null, string? focusCountry = null)
    {
        var view = View.Parse(
            new WatchRequest(pair, country, focus, user, range, focusCountry), out var error);
        Assert.Equal(good, view is not null);
        Assert.Equal(good, error is null);
    }
}
