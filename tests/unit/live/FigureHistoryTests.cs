using TradeProcessor.Contracts;
using TradeProcessor.Frontend.Live;

namespace TradeProcessor.Tests.Unit.Live;

/// <summary>What a page that comes later is told of the figures as they were.</summary>
public sealed class FigureHistoryTests
{
    private static readonly DateTime Start = new(2026, 1, 24, 10, 0, 0, DateTimeKind.Utc);

    private readonly FigureHistory _history = new();

    private void Add(
        double seconds, double lag, double? ack = null, long? open = null, string epoch = "a") =>
        _history.Add(
            new StoreSummary(epoch, 0, 0, 0, 0, lag, 0, null),
            new FiguresBody(ack, open, "good", null, null),
            Start.AddSeconds(seconds));

    [Fact]
    public void Add_SeveralWithinFiveSeconds_KeepsTheWorst()
    {
        Add(0, lag: 0.1);
        Add(1, lag: 2, ack: 90, open: 4);
        Add(2, lag: 0.2, ack: 5, open: 3);
        Add(3, lag: 0.3);
        Add(5, lag: 0.4, ack: 6);
        Assert.Equal(
            [(Start, 2m, (double?)90, (long?)4), (Start.AddSeconds(5), 0.4m, 6, null)],
            _history.ToList().Select(each =>
                (each.At, each.LagSeconds, each.AckP99Ms, each.Connections)));
    }

    [Fact]
    public void Add_LongerThanAQuarterOfAnHour_ForgetsTheOldest()
    {
        for (var i = 0; i < 1000; i++)
            Add(i, lag: i);
        var kept = _history.ToList();
        Assert.Equal(FigureHistory.Samples, kept.Count);
        Assert.Equal(Start.AddSeconds(100), kept[0].At);
        Assert.Equal(999, kept[^1].LagSeconds);
    }

    [Fact]
    public void Add_OfAnotherStore_BeginsAnew()
    {
        Add(0, lag: 1);
        Add(10, lag: 1);
        Add(11, lag: 3, epoch: "b");
        Assert.Equal(3, Assert.Single(_history.ToList()).LagSeconds);
    }
}
