using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;
using TradeProcessor.Frontend.Live;

namespace TradeProcessor.Tests.Unit.Live;

/// <summary>What a view shows when it is opened, and who may open one.</summary>
public sealed class LiveBoardTests : LiveBoardTest
{
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
        Assert.Null(await Board.WatchAsync("d", Of("US"), idle, None));
        Board.Leave("a");
        Assert.NotNull(await Board.WatchAsync("d", Of("US"), idle, None));
    }

    [Fact]
    public async Task Watch_ConnectionEndsMeanwhile_IsToldNothing()
    {
        using var end = new CancellationTokenSource();
        var time = new NoticedTime();
        using var board = new LiveBoard(
            Store, Feed, Health, metrics: null, Options.Create(new LiveOptions()), time);
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
        Time.Advance(TimeSpan.FromSeconds(1));
        await Board.TickAsync(None);
        var health = (await NextAsync(updates)).GetProperty("health");
        Assert.Equal(8, health.GetProperty("findings").GetArrayLength());
    }
}
