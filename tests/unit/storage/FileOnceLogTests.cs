using Microsoft.Extensions.Logging.Abstractions;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Files;

namespace TradeProcessor.Tests.Unit.Storage;

/// <summary>Keys are remembered if and only if their trades are in the journal.</summary>
public sealed class FileOnceLogTests : IDisposable
{
    private static readonly CellRetention Forever = new(
        TimeSpan.FromDays(3650), TimeSpan.FromDays(3650), TimeSpan.FromDays(3650),
        TimeSpan.FromDays(3650));

    private readonly TemporaryDirectory _directory = new();
    private readonly StorageOptions _options;
    private readonly SampleFrames _sample = new(41);
    private readonly ManualTime _time = new(new DateTime(2026, 1, 31, 0, 0, 0, DateTimeKind.Utc));

    public FileOnceLogTests() =>
        _options = new StorageOptions { Path = _directory.Path, SegmentBytes = 64 * 1024 };

    public void Dispose() => _directory.Dispose();

    private FileBackEnd Open(StartFrom from = StartFrom.NewestSnapshot) => new(
        _options, Forever, _time, NullLogger<FileBackEnd>.Instance, from);

    private OnceOutcome[] Append(FileBackEnd backEnd, params OnceAppend[] appends)
    {
        IOnceLog log = new FileOnceLog(backEnd, _time);
        var done = log.AppendOnceAsync(
            log.ShardOf(appends[0].Bound.Key),
            appends,
            _time.GetUtcNow().UtcTicks,
            TestContext.Current.CancellationToken).AsTask();
        Assert.True(done.IsCompletedSuccessfully);
        return done.Result;
    }

    private static List<byte[]> Records(FileBackEnd backEnd)
    {
        using var reader = new JournalReader(
            backEnd.Journal, backEnd.Journal.Segments[0].BasePosition);
        var records = new List<byte[]>();
        for (var batch = reader.Read(); !batch.IsEmpty; batch = reader.Read())
        {
            for (var rest = batch.Frames; !rest.IsEmpty;)
            {
                Assert.Equal(FrameStatus.Whole, TradeFrame.Read(rest.Span, out var header));
                foreach (var record in TradeFrame.Records(rest.Span, header))
                    records.Add(record.Bytes.ToArray());
                rest = rest[header.FrameBytes..];
            }
        }
        return records;
    }

    /// <summary>Counts the frames up to the end, as the worker does, and takes a snapshot.</summary>
    private static async Task SnapshotAsync(FileBackEnd backEnd)
    {
        await CountingTests.CountAsync(backEnd);
        backEnd.TakeSnapshot();
    }

    [Fact]
    public void Append_NewKnownAndReusedKeysTogether_LogsTheNewOnesOnly()
    {
        using var backEnd = Open();
        var (known, other, fresh) = (_sample.Append(3), _sample.Append(2), _sample.Append(5));
        Assert.Equal([OnceOutcome.Logged, OnceOutcome.Logged], Append(backEnd, known, other));
        var reused = _sample.Append(4, other.Bound with { Body = fresh.Bound.Body });
        Assert.Equal(
            [OnceOutcome.Repeated, OnceOutcome.Logged, OnceOutcome.OtherBody],
            Append(backEnd, known, fresh, reused));
        Assert.Equal([OnceOutcome.Repeated], Append(backEnd, fresh));
        Assert.Equal(
            known.Records.ToArray().Concat(other.Records.ToArray()).Concat(fresh.Records.ToArray()),
            Records(backEnd).SelectMany(record => record));
    }

    [Fact]
    public void Append_AfterADay_TakesTheKeyAnew()
    {
        using var backEnd = Open();
        var append = _sample.Append(1);
        Assert.Equal([OnceOutcome.Logged], Append(backEnd, append));
        _time.Advance(IOnceLog.RememberedFor - TimeSpan.FromTicks(1));
        Assert.Equal([OnceOutcome.Repeated], Append(backEnd, append));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([OnceOutcome.Logged], Append(backEnd, append));
        Assert.Equal([OnceOutcome.Repeated], Append(backEnd, append));
    }

    [Theory]
    [InlineData(false, false, false)] // the log alone
    [InlineData(true, false, false)] // the snapshot alone
    [InlineData(true, true, false)] // both
    [InlineData(true, true, true)] // a rebuild
    public async Task Open_AfterAKill_KnowsEveryKey(
        bool snapshot, bool framesBehindIt, bool rebuild)
    {
        var appends = Enumerable.Range(1, 300).Select(i => _sample.Append(i % 9 + 1)).ToArray();
        var before = framesBehindIt ? 200 : 300;
        using (var backEnd = Open())
        {
            foreach (var append in appends.Take(before))
                _ = Append(backEnd, append);
            backEnd.Append(_sample.Frame(5, SampleFrames.StartTicks), SampleFrames.StartTicks);
            if (snapshot)
                await SnapshotAsync(backEnd);
            foreach (var round in appends.Skip(before).Chunk(7))
                _ = Append(backEnd, round);
        }
        using (var backEnd = Open(rebuild ? StartFrom.EarliestFrame : StartFrom.NewestSnapshot))
        {
            foreach (var append in appends)
                Assert.Equal([OnceOutcome.Repeated], Append(backEnd, append));
            Assert.Equal(appends.Sum(append => append.Count) + 5, Records(backEnd).Count);
        }
    }

    [Fact]
    public async Task Open_LogTrimmedToItsRetention_KeysLiveOnInSnapshots()
    {
        _options.RetainBytes = 100_000;
        var appends = Enumerable.Range(0, 400).Select(_ => _sample.Append(20)).ToArray();
        using (var backEnd = Open())
        {
            foreach (var round in appends.Chunk(10))
            {
                _ = Append(backEnd, round);
                await SnapshotAsync(backEnd);
            }
            Assert.True(backEnd.Journal.Segments[0].BasePosition > 0, "the log must be trimmed");
        }
        foreach (var from in (StartFrom[])[StartFrom.NewestSnapshot, StartFrom.EarliestFrame])
        {
            using var backEnd = Open(from);
            Assert.All(
                appends.Chunk(400).SelectMany(round => Append(backEnd, round)),
                outcome => Assert.Equal(OnceOutcome.Repeated, outcome));
        }
    }

    [Fact]
    public void Open_TornTail_ForgetsTheKeysOfTheLostFrameAndNoOthers()
    {
        var (kept, torn) = (_sample.Append(3), _sample.Append(3));
        string path;
        byte[] file;
        int wholeBytes;
        using (var backEnd = Open())
        {
            _ = Append(backEnd, kept);
            path = backEnd.Journal.Segments[0].Path;
            wholeBytes = (int)new FileInfo(path).Length;
            _ = Append(backEnd, torn);
        }
        file = File.ReadAllBytes(path);
        for (var length = wholeBytes; length < file.Length; length++)
        {
            File.WriteAllBytes(path, file[..length]);
            using var backEnd = Open();
            Assert.Equal(
                [OnceOutcome.Repeated, OnceOutcome.Logged], Append(backEnd, kept, torn));
            Assert.Equal(6, Records(backEnd).Count);
        }
    }

    [Fact]
    public void Append_BeyondTheCapacity_ForgetsTheOldestFirst()
    {
        _options.IdempotencyKeys = 10;
        var appends = Enumerable.Range(0, 15).Select(_ => _sample.Append(1)).ToArray();
        using (var backEnd = Open())
            _ = Append(backEnd, appends);
        using (var backEnd = Open())
        {
            Assert.All(
                Append(backEnd, appends[5..]),
                outcome => Assert.Equal(OnceOutcome.Repeated, outcome));
            Assert.Equal([OnceOutcome.Logged], Append(backEnd, appends[4]));
        }
    }

    [Fact]
    public async Task Append_FromBothLanesAtOnce_KeepsEveryFrameAndReachesTheEnd()
    {
        using var backEnd = Open();
        var frames = _sample.Frames(100);
        var appends = Enumerable.Range(0, 100).Select(_ => _sample.Append(2)).ToArray();
        await Task.WhenAll(
            Task.Run(
                () => frames.ForEach(frame => backEnd.Append(frame, SampleFrames.StartTicks)),
                TestContext.Current.CancellationToken),
            Task.Run(
                () => Array.ForEach(appends, append => _ = Append(backEnd, append)),
                TestContext.Current.CancellationToken));
        await SnapshotAsync(backEnd);
        var total = frames.Sum(CountOf) + 200;
        Assert.Equal(total, Records(backEnd).Count);
        Assert.Equal(total, backEnd.Store.AggregatedTotal);
        var summary = await backEnd.Store.SummaryAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, summary.LagSeconds);

        static int CountOf(byte[] frame)
        {
            _ = TradeFrame.ReadHeader(frame, out var header);
            return header.Count;
        }
    }
}
