using TradeProcessor.Contracts;
using TradeProcessor.Worker;

namespace TradeProcessor.Tests.Unit.Counting;

public sealed class AggregatorTests(ITestOutputHelper output)
{
    private const int NewestTrades = 100;
    private const int Frames = 400;

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    [InlineData(50_000)]
    public async Task Commits_AtAnyMoment_HaveTheCellsOfEachTradeCountedAlone(int maxCells)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var sample = new SampleFrames(seed);
        var store = new CellsLease();
        var plain = new PlainCounting(maxCells);
        var aggregator = new Aggregator(store, maxCells, NewestTrades);
        var at = SampleFrames.StartTicks;
        for (var i = 0; i < Frames; i++)
        {
            // Producers' clocks differ: now and then a frame is of the second before.
            at += random.Next(60) * TimeSpan.TicksPerMillisecond;
            var receivedAt = at - random.Next(8) / 7 * TimeSpan.TicksPerSecond;
            var frame = sample.Frame(random.Next(1, 90), receivedAt);
            Assert.Equal(FrameStatus.Whole, TradeFrame.Read(frame, out var header));
            plain.Add(frame, header);
            if (aggregator.MustFold(header))
                await aggregator.FoldAsync(CancellationToken.None);
            aggregator.Add(frame, header);
            if (random.Next(5) == 0 || i == Frames - 1)
            {
                await aggregator.FoldAsync(CancellationToken.None);
                store.Apply(aggregator.Take(i));
                aggregator.Committed();
            }
            if (random.Next(100) == 0 && aggregator.Pending == 0)
                aggregator = new Aggregator(store, maxCells, NewestTrades);
        }
        Assert.Equal(plain.Lines(), store.Lines());
    }
}
