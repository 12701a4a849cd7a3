using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Intake;

public sealed class FramePackerTests
{
    [Theory]
    [InlineData(64 << 10)]
    [InlineData(1 << 10)]
    [InlineData(TradeFrame.MaxPayloadBytes)]
    public void TryTake_RequestsOfAllSizes_StandInOrderInFramesOfTheirSize(int fullBytes)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var sample = new SampleFrames(seed);
        var packer = new FramePacker(producerId: 1, fullBytes);
        var records = new List<byte[]>();
        var frames = new List<byte[]>();
        for (var request = 0; request < 60; request++)
        {
            // Up to three frames' worth of the largest, now and then.
            var trades = random.Next(10) == 0 ? random.Next(60_000) + 1 : random.Next(300) + 1;
            var submission = Submission(sample, trades, records);
            while (!packer.TryTake(submission))
                frames.Add(packer.Seal(SampleFrames.StartTicks).ToArray());
            Assert.Equal(submission.Records.Length, submission.TakenBytes);
        }
        frames.Add(packer.Seal(SampleFrames.StartTicks).ToArray());

        var packed = new List<byte[]>();
        for (var i = 0; i < frames.Count; i++)
        {
            Assert.Equal(FrameStatus.Whole, TradeFrame.Read(frames[i], out var header));
            Assert.True(header.Count > 0);
            Assert.Equal((ulong)i + 1, header.ProducerSequence);
            foreach (var record in TradeFrame.Records(frames[i], header))
                packed.Add(record.Bytes.ToArray());
        }
        Assert.Equal(records.Count, packed.Count);
        Assert.True(records.Zip(packed).All(pair => pair.First.SequenceEqual(pair.Second)));
    }

    [Fact]
    public void TryTake_SmallRequests_ShareFramesUpToTheFullSize()
    {
        const int FullBytes = 4096;
        var sample = new SampleFrames(59);
        var packer = new FramePacker(producerId: 1, FullBytes);
        var sizes = new List<int>();
        for (var request = 0; request < 500; request++)
        {
            var submission = Submission(sample, 1, []);
            while (!packer.TryTake(submission))
                sizes.Add(packer.Seal(SampleFrames.StartTicks).Length - TradeFrame.HeaderBytes);
        }
        Assert.NotEmpty(sizes);
        Assert.All(sizes, size => Assert.InRange(
            size, FullBytes - TradeRecord.MaxBytes, FullBytes));
    }

    [Fact]
    public void TryTake_LargeRequestBehindSmallOnes_FillsAFrameOfItsOwn()
    {
        var sample = new SampleFrames(61);
        var packer = new FramePacker(producerId: 1, fullBytes: 4096);
        Assert.True(packer.TryTake(Submission(sample, 3, [])));
        var large = Submission(sample, 1000, []);
        Assert.False(packer.TryTake(large));
        Assert.Equal(0, large.TakenBytes);
        Assert.Equal(3, packer.Count);
        _ = packer.Seal(SampleFrames.StartTicks);
        Assert.True(packer.TryTake(large));
        Assert.Equal(1000, packer.Count);
        Assert.False(packer.TryTake(Submission(sample, 1, [])));
    }

    private static Submission Submission(SampleFrames sample, int trades, List<byte[]> records)
    {
        var submission = new Submission(MemoryBudget.Unlimited);
        for (var i = 0; i < trades; i++)
        {
            var record = sample.Record();
            record.CopyTo(submission.Records.GetSpan(record.Length));
            submission.Records.Advance(record.Length);
            records.Add(record);
        }
        return submission;
    }
}
