using System.Diagnostics.Metrics;
using System.Numerics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine;
using TradeProcessor.Storage.Engine.Files;
using TradeProcessor.Worker;

namespace TradeProcessor.Tests.Unit.Storage;

/// <summary>Log → cells, with snapshots, restarts and rebuilds at random moments.</summary>
public sealed class CountingTests : IDisposable
{
    private static readonly CellRetention Forever = new(
        TimeSpan.FromDays(3650), TimeSpan.FromDays(3650), TimeSpan.FromDays(3650),
        TimeSpan.FromDays(3650));

    private readonly TemporaryDirectory _directory = new();
    private readonly StorageOptions _options;

    public CountingTests() =>
        _options = new StorageOptions { Path = _directory.Path, SegmentBytes = 8192 };

    public void Dispose() => _directory.Dispose();

    private FileBackEnd Open(StartFrom from = StartFrom.NewestSnapshot) => new(
        _options, Forever, TimeProvider.System, NullLogger<FileBackEnd>.Instance, from);

    internal static async Task CountAsync(FileBackEnd backEnd, int maxCells = 1_000)
    {
        await using var lease = new FileShardLease(backEnd);
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var worker = new ShardWorker(
            lease,
            new LocalLiveFeed(),
            new WorkerMetrics(provider.GetRequiredService<IMeterFactory>(), backEnd.Store),
            new WorkerOptions { MaxCellsPerInterval = maxCells },
            TimeProvider.System,
            NullLogger.Instance);
        while (!await worker.PassAsync(TestContext.Current.CancellationToken))
        {
        }
    }

    private static string Describe(StoreState state) => string.Join('\n', state.Blocks.SelectMany(
        (blocks, resolution) => blocks.Select(block =>
            $"{resolution} {block.StartTicks} {Convert.ToHexString(block.Packed.Span)}")));

    [Fact]
    public async Task Count_RandomFrames_EqualsABigIntegerModelAtEveryResolution()
    {
        var frames = new SampleFrames(11).Frames(400);
        using var backEnd = Open();
        foreach (var frame in frames)
            backEnd.Journal.Append(frame, SampleFrames.StartTicks);
        await CountAsync(backEnd);

        foreach (var resolution in Resolutions.All.ToArray())
        {
            var model = Model(frames, resolution);
            var query = new AggregateQuery(
                resolution, 0, long.MaxValue, GroupBy: Grouping.Pair | Grouping.Country);
            var series = await backEnd.Store.QueryAsync(query, CancellationToken.None);
            var cells = series.SelectMany(each => each.Points.Select(point => (
                Key: (point.StartTicks, each.Pair!.Value, each.Country!.Value),
                Value: (point.Value.Count, (BigInteger)point.Value.SellUnits,
                    (BigInteger)point.Value.BuyUnits))));
            Assert.Equal(model, cells.ToDictionary(cell => cell.Key, cell => cell.Value));
        }
    }

    [Fact]
    public async Task Restart_AtRandomMoments_GivesTheSameCellsAsOneRun()
    {
        const int Seed = 12;
        var random = new Random(Seed);
        var frames = new SampleFrames(Seed).Frames(300);
        var position = 0;
        while (position < frames.Count)
        {
            using var backEnd = Open();
            for (var left = random.Next(40); left > 0 && position < frames.Count; left--)
                backEnd.Journal.Append(frames[position++], SampleFrames.StartTicks);
            if (random.Next(3) > 0)
                await CountAsync(backEnd);
            if (random.Next(2) > 0)
                backEnd.TakeSnapshot();
        }
        string restarted, rebuilt;
        using (var backEnd = Open())
        {
            await CountAsync(backEnd);
            restarted = Describe(backEnd.Store.Capture());
            backEnd.TakeSnapshot();
        }
        using (var backEnd = Open(StartFrom.EarliestFrame))
        {
            Assert.Equal(0, backEnd.Store.Position);
            await CountAsync(backEnd);
            rebuilt = Describe(backEnd.Store.Capture());
        }
        Assert.Equal(rebuilt, restarted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(25)]
    public async Task Count_MoreKeysThanCells_OverflowsTheSameWayHoweverItIsCutUp(int maxCells)
    {
        var frames = new SampleFrames(13).Frames(200);
        string atOnce;
        using (var backEnd = Open())
        {
            foreach (var frame in frames)
            {
                backEnd.Journal.Append(frame, SampleFrames.StartTicks);
                await CountAsync(backEnd, maxCells);
            }
            var state = backEnd.Store.Capture();
            Assert.All(
                state.Blocks.SelectMany(blocks => blocks),
                block => Assert.InRange(block.Count, 1, maxCells + 1));
            Assert.Equal(state.AggregatedTotal, state.Blocks[3].Sum(block => block.Total.Count));
            atOnce = Describe(state);
        }
        using (var backEnd = Open(StartFrom.EarliestFrame))
        {
            await CountAsync(backEnd, maxCells);
            Assert.Equal(atOnce, Describe(backEnd.Store.Capture()));
        }
    }

    [Fact]
    public async Task Retention_SmallLimits_KeepsRebuildExact()
    {
        _options.RetainBytes = 40_000;
        var frames = new SampleFrames(14).Frames(600);
        string before;
        using (var backEnd = Open())
        {
            for (var i = 0; i < frames.Count; i++)
            {
                backEnd.Journal.Append(frames[i], SampleFrames.StartTicks);
                if (i % 20 == 0)
                {
                    await CountAsync(backEnd);
                    backEnd.TakeSnapshot();
                }
            }
            await CountAsync(backEnd);
            backEnd.TakeSnapshot();
            before = Describe(backEnd.Store.Capture());
            Assert.True(backEnd.Journal.Segments[0].BasePosition > 0);
            var logBytes = backEnd.Journal.DurablePosition - backEnd.Journal.Segments[0].BasePosition;
            Assert.InRange(logBytes, 0, 2 * _options.RetainBytes);
            Assert.InRange(backEnd.Snapshots.Positions.Count, 2, 12);
        }
        using (var backEnd = Open(StartFrom.EarliestFrame))
        {
            await CountAsync(backEnd);
            Assert.Equal(before, Describe(backEnd.Store.Capture()));
        }
    }

    [Fact]
    public async Task Snapshot_WrittenAndRead_HoldsTradesRejectsAndTotals()
    {
        StoreSummary before;
        IReadOnlyList<Trade> trades;
        using (var backEnd = Open())
        {
            foreach (var frame in new SampleFrames(15).Frames(50))
                backEnd.Journal.Append(frame, SampleFrames.StartTicks);
            await CountAsync(backEnd);
            backEnd.Store.Rejects.Add(new RejectBatch(
                1,
                [KeyValuePair.Create("too_precise", 1L)],
                [new Reject(
                    DateTime.UnixEpoch, [new FieldError("rate", "too_precise")], "{\"rate\":…")]));
            backEnd.TakeSnapshot();
            before = await backEnd.Store.SummaryAsync(CancellationToken.None);
            trades = await backEnd.Store.TradesAsync(new TradeQuery(1000), CancellationToken.None);
        }
        using (var backEnd = Open())
        {
            Assert.Equal(before, await backEnd.Store.SummaryAsync(CancellationToken.None));
            Assert.Equal(
                trades, await backEnd.Store.TradesAsync(new TradeQuery(1000), CancellationToken.None));
            var rejects = await backEnd.Store.RejectsAsync(10, CancellationToken.None);
            Assert.Equal(1, rejects.ByCode["too_precise"]);
            Assert.Equal("{\"rate\":…", Assert.Single(rejects.Recent).Body);
        }
    }

    [Fact]
    public void Open_DirectoryInUse_IsRefused()
    {
        using var first = Open();
        var refused = Assert.Throws<StartRefusedException>(() => Open());
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
    }

    private static Dictionary<(long, CurrencyPair, CountryCode), (long, BigInteger, BigInteger)>
        Model(List<byte[]> frames, Resolution resolution)
    {
        var model =
            new Dictionary<(long, CurrencyPair, CountryCode), (long, BigInteger, BigInteger)>();
        foreach (var frame in frames)
        {
            _ = TradeFrame.Read(frame, out var header);
            foreach (var record in TradeFrame.Records(frame, header))
            {
                var key = (resolution.StartOf(header.ReceivedAtTicks), record.Pair, record.Country);
                var (count, sell, buy) = model.GetValueOrDefault(key);
                model[key] = (count + 1, sell + Units(record.AmountSell), buy + Units(record.AmountBuy));
            }
        }
        return model;

        static BigInteger Units(ExactDecimal amount) =>
            amount.Mantissa * BigInteger.Pow(10, 8 - amount.Scale);
    }
}
