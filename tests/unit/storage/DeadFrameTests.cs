using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Dead;

namespace TradeProcessor.Tests.Unit.Storage;

public sealed class DeadFrameTests
{
    private const int RateScale = TradeFrame.HeaderBytes + 2;
    private static readonly long ReceivedAt = new DateTime(2026, 1, 31).Ticks;

    [Theory]
    [InlineData(8, true)]
    [InlineData(200, false)] // as many decimals as no number has: it would fail in the worker again
    public void IsWhole_RightLayout_GoesByItsValuesToo(byte rateScale, bool expected)
    {
        var record = new SampleFrames(71).Record();
        byte[] frame = [.. new byte[TradeFrame.HeaderBytes], .. record];
        frame[RateScale] = rateScale;
        TradeFrame.Seal(frame, 1, producerId: 1, producerSequence: 1, ReceivedAt);
        Assert.Equal(expected, new DeadFrame(0, ReceivedAt, 5, "why", frame).IsWhole);
    }
}
