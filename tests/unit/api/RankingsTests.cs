using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Reading;
using TradeProcessor.Tests.Unit.Parsing;

namespace TradeProcessor.Tests.Unit.Api;

public sealed class RankingsTests
{
    [Theory]
    [InlineData("00:00:01", Resolution.Second)]
    [InlineData("00:20:00", Resolution.Second)]
    [InlineData("00:20:01", Resolution.Minute)]
    [InlineData("1.00:00:00", Resolution.Minute)]
    [InlineData("1.00:00:01", Resolution.Hour)]
    [InlineData("31.00:00:00", Resolution.Hour)]
    [InlineData("31.00:00:01", Resolution.Day)]
    [InlineData("366.00:00:00", Resolution.Day)]
    public void Cover_AnyWindow_IsGaplessAndEndsWithTheCellOfNow(string text, Resolution fine)
    {
        var window = TimeSpan.Parse(text);
        var spans = RankingWindow.Cover(window, FakeStore.Now);
        Assert.Equal(fine, RankingWindow.ResolutionOf(window));
        Assert.Equal(fine.StartOf(FakeStore.Now.Ticks) + fine.Ticks, spans[^1].ToTicks);
        var length = spans[^1].ToTicks - spans[0].FromTicks;
        Assert.InRange(length, window.Ticks, window.Ticks + fine.Ticks - 1);
        for (var i = 0; i < spans.Count; i++)
        {
            Assert.Equal(0, spans[i].FromTicks % spans[i].Resolution.Ticks);
            Assert.Equal(0, spans[i].ToTicks % spans[i].Resolution.Ticks);
            Assert.True(spans[i].FromTicks < spans[i].ToTicks);
            Assert.True(i == 0 || spans[i].FromTicks == spans[i - 1].ToTicks);
        }
    }

    [Fact]
    public void Cover_FifteenMinutes_TakesFewCells()
    {
        var cells = RankingWindow.Cover(TimeSpan.FromMinutes(15), FakeStore.Now)
            .Sum(span => (span.ToTicks - span.FromTicks) / span.Resolution.Ticks);
        Assert.Equal(14 + 60, cells);
    }

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("-00:00:01")]
    [InlineData("366.00:00:01")]
    public void Cover_OutOfRange_Throws(string window) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => RankingWindow.Cover(TimeSpan.Parse(window), FakeStore.Now));

    [Fact]
    public async Task ByPair_RandomTrades_AgreeWithCountingThemAll()
    {
        var random = new Random(FuzzSettings.Seed);
        var store = new FakeStore();
        string[] pairs = ["EUR/GBP", "USD/JPY", "BTC/USDT", "CHF/SEK"];
        string[] countries = ["FR", "DE", "US"];
        for (var i = 0; i < 400; i++)
        {
            var age = TimeSpan.FromSeconds(Math.Pow(10, random.NextDouble() * 5));
            store.Add(
                (FakeStore.Now - age).ToString("O"),
                pairs[random.Next(pairs.Length)],
                countries[random.Next(countries.Length)],
                $"{random.Next(1, 1000)}.{random.Next(1, 9)}",
                $"{random.Next(1, 1000)}",
                $"{random.Next(1, 1000)}");
        }
        foreach (var text in new[] { "00:00:07", "00:15:00", "00:20:00", "01:00:00", "1.06:00:00" })
        {
            var window = TimeSpan.Parse(text);
            var fine = RankingWindow.ResolutionOf(window);
            var to = fine.StartOf(FakeStore.Now.Ticks) + fine.Ticks;
            var rankings = await Rankings.ByPairAsync(
                store, window, FakeStore.Now, null, null, TestContext.Current.CancellationToken);
            var expected = store.Accepted
                .Where(trade => trade.ReceivedAt.Ticks >= to - window.Ticks)
                .GroupBy(trade => new CurrencyPair(trade.CurrencyFrom, trade.CurrencyTo))
                .Select(group => new Ranking(group.Key, null, FakeStore.Merged(group.Select(
                    trade => Aggregate.Of(trade.AmountSell, trade.AmountBuy, trade.Rate,
                        trade.ReceivedAt.Ticks)))))
                .OrderByDescending(ranking => ranking.Value.Count)
                .ThenBy(ranking => ranking.Pair.ToString(), StringComparer.Ordinal);
            Assert.True(
                expected.SequenceEqual(rankings), $"seed {FuzzSettings.Seed}, window {text}");
        }
    }

    [Fact]
    public async Task ByCountry_Filtered_AsksForThePairOnly()
    {
        var store = new FakeStore();
        store.Add("2026-03-04T12:30:01Z", "EUR/GBP", "FR", "1", "2", "2");
        store.Add("2026-03-04T12:30:01Z", "USD/GBP", "DE", "1", "2", "2");
        Assert.True(CurrencyPair.TryParse("EUR/GBP", out var pair));
        var rankings = await Rankings.ByCountryAsync(
            store, TimeSpan.FromMinutes(15), FakeStore.Now, pair, null,
            TestContext.Current.CancellationToken);
        Assert.Equal("FR", Assert.Single(rankings).Country.ToString());
    }
}
