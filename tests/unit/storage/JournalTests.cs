using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Files;

namespace TradeProcessor.Tests.Unit.Storage;

/// <summary>What a journal does with its files after every kind of harm to them.</summary>
public sealed class JournalTests : IDisposable
{
    // Zeros behind the last frame, as allocated for those to come.
    private const int RoomBytes = 5000;

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new(new DateTime(2026, 1, 31, 0, 0, 0, DateTimeKind.Utc));

    public void Dispose() => _directory.Dispose();

    private Journal Open(
        long segmentBytes = 1 << 20, long? verifyFrom = null, Func<string, JournalFile>? file = null)
    {
        var options = new JournalOptions(_directory.Path, segmentBytes, TimeSpan.FromSeconds(1));
        return new Journal(
            options, JournalOpening.Open(_directory.Path, verifyFrom, _time), _time, file);
    }

    private static List<byte[]> ReadAll(Journal journal, long from = 0)
    {
        using var reader = new JournalReader(journal, from);
        var frames = new List<byte[]>();
        for (var batch = reader.Read(); !batch.IsEmpty; batch = reader.Read())
        {
            for (var rest = batch.Frames; !rest.IsEmpty;)
            {
                Assert.Equal(FrameStatus.Whole, TradeFrame.Read(rest.Span, out var header));
                frames.Add(rest[..header.FrameBytes].ToArray());
                rest = rest[header.FrameBytes..];
            }
        }
        return frames;
    }

    private List<byte[]> Fill(int count, long segmentBytes = 1 << 20)
    {
        var frames = new SampleFrames(count).Frames(count);
        using var journal = Open(segmentBytes);
        foreach (var frame in frames)
            journal.Append(frame, SampleFrames.StartTicks);
        return frames;
    }

    private string LastSegment => Directory.GetFiles(_directory.Path).Order().Last();

    [Fact]
    public void Append_OverManySegments_ReadsBackInOrder()
    {
        var frames = Fill(200, segmentBytes: 4096);
        Assert.True(Directory.GetFiles(_directory.Path).Length > 10);
        using var journal = Open();
        Assert.Equal(frames, ReadAll(journal));
        Assert.Equal(frames.Sum(frame => frame.Length), journal.DurablePosition);
        var skipped = frames.Take(77).Sum(frame => (long)frame.Length);
        Assert.Equal(frames.Skip(77), ReadAll(journal, skipped));
    }

    [Fact]
    public void Append_SmallFrames_FewWriteZerosAheadAndLargeOnesNone()
    {
        const int Count = 500;
        var frames = new SampleFrames(3).Frames(Count);
        var disk = new CountedDisk();
        using var journal = Open(file: disk.Open);
        foreach (var frame in frames)
            journal.Append(frame, SampleFrames.StartTicks);
        Assert.InRange(disk.Writes - Count, 1, 2 + frames.Sum(frame => frame.Length) / 100_000);
        var before = disk.Writes;
        journal.Append(new byte[256 << 10], SampleFrames.StartTicks);
        Assert.Equal(before + 1, disk.Writes);
    }

    [Fact]
    public void Open_ManySmallFrames_ReadsEachByteAFewTimesAtMost()
    {
        Open().Dispose();
        var frames = new SampleFrames(8);
        using (var file = File.Open(LastSegment, FileMode.Append))
        {
            for (var i = 0; i < 20_000; i++)
                file.Write(frames.Frame(1, SampleFrames.StartTicks));
        }
        var before = BytesRead();
        Open().Dispose();
        // 2 MB of frames; a read of a full buffer for each of them would be 20 GB.
        Assert.InRange(BytesRead() - before, 0, 2_000_000_000);

        static long BytesRead() => long.Parse(
            File.ReadLines("/proc/self/io").First().Split(' ')[1],
            System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Open_CutAtEveryByteOfTheLastFrames_KeepsTheWholeOnesAndGoesOn()
    {
        var frames = Fill(6);
        var file = File.ReadAllBytes(LastSegment);
        var more = new SampleFrames(99).Frame(2, SampleFrames.StartTicks);
        var firstCut = Segment.HeaderBytes + frames.Take(3).Sum(frame => frame.Length);
        for (var length = firstCut; length <= file.Length; length++)
        {
            File.WriteAllBytes(LastSegment, file[..length]);
            var left = length - Segment.HeaderBytes;
            var whole = frames.TakeWhile(frame => (left -= frame.Length) >= 0).ToList();
            using (var journal = Open())
            {
                Assert.Equal(whole, ReadAll(journal));
                journal.Append(more, SampleFrames.StartTicks);
            }
            using (var journal = Open())
                Assert.Equal([.. whole, more], ReadAll(journal));
        }
    }

    [Fact]
    public void Open_KilledWithRoomAllocated_CutsItAndGoesOn()
    {
        var frames = new SampleFrames(6).Frames(6);
        var more = new SampleFrames(99).Frame(2, SampleFrames.StartTicks);
        using (var journal = Open())
        {
            foreach (var frame in frames)
                journal.Append(frame, SampleFrames.StartTicks);
            var inUse = File.ReadAllBytes(LastSegment);
            Assert.True(inUse.Length > Segment.HeaderBytes + frames.Sum(frame => frame.Length));
            journal.Dispose();
            File.WriteAllBytes(LastSegment, inUse);
        }
        using (var journal = Open())
        {
            Assert.Equal(frames, ReadAll(journal));
            journal.Append(more, SampleFrames.StartTicks);
        }
        Assert.Equal(
            Segment.HeaderBytes + frames.Sum(frame => frame.Length) + more.Length,
            new FileInfo(LastSegment).Length);
        using (var journal = Open())
            Assert.Equal([.. frames, more], ReadAll(journal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(RoomBytes)]
    public void Open_AnyBitOfAnyFrameFlipped_IsRefusedWithFileAndOffset(int room)
    {
        var frames = Fill(5);
        var path = LastSegment;
        byte[] file = [.. File.ReadAllBytes(path), .. new byte[room]];
        var offset = Segment.HeaderBytes;
        foreach (var frame in frames)
        {
            for (var bit = 0; bit < frame.Length * 8; bit++)
            {
                var damaged = file.ToArray();
                damaged[offset + bit / 8] ^= (byte)(1 << bit % 8);
                File.WriteAllBytes(path, damaged);
                var refused = Assert.Throws<StartRefusedException>(() => Open());
                Assert.Contains($"{path}, offset {offset}:", refused.Message, StringComparison.Ordinal);
                Assert.Equal(damaged, File.ReadAllBytes(path));
            }
            offset += frame.Length;
        }
    }

    [Fact]
    public void Open_AnyBitOfTheSegmentHeaderFlipped_IsRefused()
    {
        _ = Fill(2);
        var path = LastSegment;
        var file = File.ReadAllBytes(path);
        for (var bit = 0; bit < Segment.HeaderBytes * 8; bit++)
        {
            var damaged = file.ToArray();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            File.WriteAllBytes(path, damaged);
            _ = Assert.Throws<StartRefusedException>(() => Open());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(RoomBytes)]
    public void Open_BlocksOfTheLastFrameNeverWritten_CutsIt(int room)
    {
        var frames = Fill(3);
        var large = new SampleFrames(3).Frame(100, SampleFrames.StartTicks);
        using (var journal = Open())
            journal.Append(large, SampleFrames.StartTicks);
        var file = File.ReadAllBytes(LastSegment);
        for (var sector = 0; sector < file.Length; sector += 512)
        {
            byte[] torn = [.. file, .. new byte[room]];
            var length = Math.Min(512, file.Length - sector);
            if (sector <= file.Length - large.Length)
                continue;
            torn.AsSpan(sector, length).Clear();
            File.WriteAllBytes(LastSegment, torn);
            using var journal = Open();
            Assert.Equal(frames, ReadAll(journal));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(RoomBytes)]
    public void Open_SectorOfAnEarlierFrameLost_IsRefused(int room)
    {
        var frames = new SampleFrames(3);
        using (var journal = Open())
        {
            journal.Append(frames.Frame(100, SampleFrames.StartTicks), SampleFrames.StartTicks);
            journal.Append(frames.Frame(1, SampleFrames.StartTicks), SampleFrames.StartTicks);
        }
        byte[] file = [.. File.ReadAllBytes(LastSegment), .. new byte[room]];
        file.AsSpan(1024, 512).Clear();
        File.WriteAllBytes(LastSegment, file);
        _ = Assert.Throws<StartRefusedException>(() => Open());
    }

    [Fact]
    public void Open_EarlierSegmentCutOrMissing_IsRefused()
    {
        _ = Fill(100, segmentBytes: 4096);
        var first = Directory.GetFiles(_directory.Path).Order().First();
        var second = Directory.GetFiles(_directory.Path).Order().Skip(1).First();
        var bytes = File.ReadAllBytes(first);
        File.WriteAllBytes(first, bytes[..^1]);
        _ = Assert.Throws<StartRefusedException>(() => Open());
        File.WriteAllBytes(first, bytes);
        File.Delete(second);
        _ = Assert.Throws<StartRefusedException>(() => Open());
    }

    [Fact]
    public void Open_EndsBeforeWhatWasCounted_IsRefused()
    {
        var frames = Fill(3);
        var end = frames.Sum(frame => (long)frame.Length);
        Open(verifyFrom: end).Dispose();
        File.WriteAllBytes(LastSegment, File.ReadAllBytes(LastSegment)[..^1]);
        _ = Assert.Throws<StartRefusedException>(() => Open(verifyFrom: end));
    }

    [Fact]
    public void Append_DiskFull_RefusesThenGoesOnWhereItWas()
    {
        var disk = new FaultyDisk();
        var sample = new SampleFrames(4);
        var frames = Enumerable.Range(0, 6)
            .Select(_ => sample.Frame(3, SampleFrames.StartTicks))
            .ToList();
        using (var journal = Open(file: disk.Open))
        {
            journal.Append(frames[0], SampleFrames.StartTicks);
            disk.RoomBytes = 20; // the write stops half way
            _ = Assert.Throws<LogUnavailableException>(
                () => journal.Append(frames[1], SampleFrames.StartTicks));
            Assert.NotNull(journal.Failure);
            disk.RoomBytes = null;
            _ = Assert.Throws<LogUnavailableException>(journal.EnsureOpen); // too early
            _time.Advance(TimeSpan.FromSeconds(2));
            journal.Append(frames[2], SampleFrames.StartTicks);
            Assert.Null(journal.Failure);
            Assert.Equal([frames[0], frames[2]], ReadAll(journal));
        }
        using (var journal = Open())
            Assert.Equal([frames[0], frames[2]], ReadAll(journal));
    }

    [Fact]
    public void Append_FlushFails_NeverFlushesThatFileAgainAndLosesNothingFlushed()
    {
        var disk = new FaultyDisk();
        var sample = new SampleFrames(5);
        var frames = Enumerable.Range(0, 3)
            .Select(_ => sample.Frame(3, SampleFrames.StartTicks))
            .ToList();
        using (var journal = Open(file: disk.Open))
        {
            journal.Append(frames[0], SampleFrames.StartTicks);
            disk.FlushFails = true;
            _ = Assert.Throws<LogUnavailableException>(
                () => journal.Append(frames[1], SampleFrames.StartTicks));
            Assert.Equal(frames[0].Length, journal.DurablePosition);
            _time.Advance(TimeSpan.FromSeconds(2));
            _ = Assert.Throws<LogUnavailableException>(
                () => journal.Append(frames[1], SampleFrames.StartTicks));
            disk.FlushFails = false;
            _time.Advance(TimeSpan.FromSeconds(2));
            journal.Append(frames[2], SampleFrames.StartTicks);
            Assert.Equal(2, journal.Segments.Count);
            Assert.Equal([frames[0], frames[2]], ReadAll(journal));
        }
        using (var journal = Open())
            Assert.Equal([frames[0], frames[2]], ReadAll(journal));
    }

    private sealed class CountedDisk
    {
        public int Writes { get; private set; }

        public JournalFile Open(string path) => new CountedFile(path, this);

        private sealed class CountedFile(string path, CountedDisk disk) : JournalFile(path)
        {
            public override void Write(ReadOnlySpan<byte> bytes, long offset)
            {
                disk.Writes++;
                base.Write(bytes, offset);
            }
        }
    }

    /// <summary>A disk that runs full or whose flushes fail.</summary>
    private sealed class FaultyDisk
    {
        public int? RoomBytes { get; set; }

        public bool FlushFails { get; set; }

        public JournalFile Open(string path) => new FaultyFile(path, this);

        private sealed class FaultyFile(string path, FaultyDisk disk) : JournalFile(path)
        {
            public override void Write(ReadOnlySpan<byte> bytes, long offset)
            {
                if (disk.RoomBytes is { } room && room < bytes.Length)
                {
                    base.Write(bytes[..room], offset);
                    throw new IOException("No space left on device");
                }
                base.Write(bytes, offset);
            }

            public override void Sync()
            {
                if (disk.FlushFails)
                    throw new IOException("fdatasync failed: Input/output error");
                base.Sync();
            }
        }
    }
}
