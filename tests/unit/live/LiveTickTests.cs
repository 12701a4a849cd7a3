using System.Collections.Concurrent;
using System.Text.Json;
using TradeProcessor.Contracts;
using TradeProcessor.Frontend.Live;

namespace TradeProcessor.Tests.Unit.Live;

/// <summary>What viewers are told in each tick: all of it, in turn, without gaps, whoever is slow.</summary>
public sealed class LiveTickTests : LiveBoardTest
{
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
                Time.Advance(TimeSpan.FromSeconds(1));
            await Board.TickAsync(None);
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
        var trade = (await Store.TradesAsync(new TradeQuery(1), None))[0];
        var (_, updates) = await WatchAsync("a");
        var told = new List<string>();
        int? pairs = null;
        for (var tick = 0; tick < 80; tick++)
        {
            Trade(start);
            Feed.Publish(new LiveUpdate(
                0, [start], [.. Enumerable.Repeat(trade, LiveChanges.MaxTrades)]));
            Time.Advance(TimeSpan.FromMilliseconds(250));
            await Board.TickAsync(None);
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
        Assert.Equal(2, Board.Cohorts);
        // Seconds go by in each tick, so a cohort sees every other one.
        for (var tick = 0; tick < 12; tick++)
        {
            Trade(Now);
            Time.Advance(TimeSpan.FromSeconds(1));
            await Board.TickAsync(None);
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
    public async Task Tick_ManySecondsChanged_LeavesASequenceNumberOut()
    {
        var (snapshot, updates) = await WatchAsync("a");
        var start = Now - 100 * TimeSpan.TicksPerSecond;
        Trade([.. Enumerable.Range(0, 100).Select(i => start + i * TimeSpan.TicksPerSecond)]);
        await Board.TickAsync(None);
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
        _ = await Board.WatchAsync(
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
            await Board.TickAsync(None);
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
        Assert.Equal(3, Board.Cohorts);
        for (var round = 1; round <= 3; round++)
        {
            Trade(Now);
            for (var turn = 1; turn <= 3; turn++)
            {
                await Board.TickAsync(None);
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
                Board.Leave(gone);
                _ = viewers.Remove(gone);
            }
            most = Math.Max(most, Board.Cohorts);
            // All are told once within as many ticks as there are cohorts.
            var turns = Board.Cohorts;
            for (var turn = 0; turn < turns; turn++)
                await Board.TickAsync(None);
            foreach (var (name, (sequence, updates)) in viewers)
            {
                var update = await NextAsync(updates);
                Assert.Equal(sequence + 1, update.GetProperty("sequence").GetInt64());
                viewers[name] = (sequence + 1, updates);
            }
        }
        Assert.Equal(20, most);
        foreach (var name in viewers.Keys)
            Board.Leave(name);
        for (var turn = 0; turn < most; turn++)
            await Board.TickAsync(None);
        Assert.Equal(1, Board.Cohorts);
    }
}
