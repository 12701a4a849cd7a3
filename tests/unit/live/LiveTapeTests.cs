using System.Text.Json;
using TradeProcessor.Contracts;
using TradeProcessor.Frontend.Live;

namespace TradeProcessor.Tests.Unit.Live;

/// <summary>The newest trades of a view.</summary>
public sealed class LiveTapeTests : LiveBoardTest
{
    [Fact]
    public async Task Ticks_MoreTradesThanAPageShows_TellTheNewestOfAFilter()
    {
        var start = Now;
        Trade(start);
        var mine = (await Store.TradesAsync(new TradeQuery(1), None))[0];
        var pair = new CurrencyPair(mine.CurrencyFrom, mine.CurrencyTo);
        var (_, updates) = await WatchAsync("a", new View(pair, null, null));
        Trade other;
        do
        {
            Trade(start);
            other = (await Store.TradesAsync(new TradeQuery(1), None))[0];
        }
        while (new CurrencyPair(other.CurrencyFrom, other.CurrencyTo) == pair);
        for (var i = 0; i < 500; i++)
            Trade(start); // some of the pair, which the feed leaves out
        Feed.Publish(new LiveUpdate(
            0, [start], [.. Enumerable.Repeat(other, LiveChanges.MaxTrades)]));

        JsonElement told = default;
        for (var tick = 0; tick < 4 && told.ValueKind == JsonValueKind.Undefined; tick++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(250));
            await Board.TickAsync(None);
            _ = (await NextAsync(updates)).TryGetProperty("trades", out told);
        }
        var newest = await Store.TradesAsync(
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
        var all = await Store.TradesAsync(new TradeQuery(200), None);
        var pairs = all.Select(trade => new CurrencyPair(trade.CurrencyFrom, trade.CurrencyTo))
            .Distinct().Take(2).ToList();
        var view = new View(pairs[0], null, pairs[1]);
        var (snapshot, updates) = await WatchAsync("a", view);
        Assert.Equal(
            all.Where(trade => pairs.Contains(new(trade.CurrencyFrom, trade.CurrencyTo)))
                .Take(LiveChanges.MaxTrades).Select(trade => trade.UserId),
            snapshot.GetProperty("trades").EnumerateArray()
                .Select(trade => trade.GetProperty("userId").GetString()));

        Feed.Publish(new LiveUpdate(0, [start], [.. all.Reverse().Take(20)]));
        await Board.TickAsync(None);
        Assert.Equal(
            all.Reverse().Take(20).Where(view.Shows).Reverse().Select(trade => trade.UserId),
            (await NextAsync(updates)).GetProperty("trades").EnumerateArray()
                .Select(trade => trade.GetProperty("userId").GetString()));
        Assert.Contains(all, trade => !view.Shows(trade));
    }
}
