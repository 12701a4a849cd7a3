using TradeProcessor.Contracts;
using TradeProcessor.Storage.Api.Queries;

namespace TradeProcessor.Tests.Unit.Api;

public sealed class AggregateReaderTests
{
    private static readonly long Start =
        new DateTime(2026, 3, 4, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private static AggregateQuery Query(Grouping groupBy) => new(
        Resolution.Second, Start, Start + TimeSpan.TicksPerHour, GroupBy: groupBy);

    [Fact]
    public async Task Read_InSlices_IsTheSameAsAtOnce()
    {
        var store = StoreOf(points: 600);
        var cancellation = TestContext.Current.CancellationToken;
        foreach (var groupBy in new[] { Grouping.None, Grouping.Pair, Grouping.Pair | Grouping.Country })
        {
            var whole = await store.QueryAsync(Query(groupBy), cancellation);
            var sliced = await new AggregateReader(store).ReadAsync(Query(groupBy), cancellation);
            Assert.NotNull(sliced);
            Assert.Equal(whole.Count, sliced.Count);
            foreach (var (expected, actual) in whole.Zip(sliced))
            {
                Assert.Equal((expected.Pair, expected.Country), (actual.Pair, actual.Country));
                Assert.Equal(expected.Points, actual.Points);
            }
        }
    }

    [Fact]
    public async Task Read_PastTheLimit_StopsBeforeTheEnd()
    {
        var store = StoreOf(points: 600);
        var series = await new AggregateReader(store).ReadAsync(
            Query(Grouping.Pair), TestContext.Current.CancellationToken, maxPoints: 599);
        Assert.Null(series);
        store.Queries.Clear();
        series = await new AggregateReader(store).ReadAsync(
            Query(Grouping.Pair), TestContext.Current.CancellationToken, maxPoints: 10);
        Assert.Null(series);
        Assert.Single(store.Queries);
    }

    private static FakeStore StoreOf(int points)
    {
        var store = new FakeStore();
        string[] pairs = ["USD/JPY", "EUR/GBP", "BTC/USDT"];
        for (var i = 0; i < points; i++)
        {
            var at = new DateTime(Start + i * 5 * TimeSpan.TicksPerSecond, DateTimeKind.Utc);
            store.Add(at.ToString("O"), pairs[i % 3], i % 2 == 0 ? "FR" : "DE", "1", "2", "2");
        }
        return store;
    }
}
