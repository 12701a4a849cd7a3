using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>Frames of several producers, numbered by each: the same seed, the same bytes.</summary>
internal sealed class ProducerFrames(int seed)
{
    private readonly SampleFrames _frames = new(seed);
    private readonly Dictionary<ulong, ulong> _sequences = [];

    public byte[] Next(ulong producer, int trades, long receivedAtTicks)
    {
        var frame = _frames.Frame(trades, receivedAtTicks);
        var sequence = _sequences[producer] = _sequences.GetValueOrDefault(producer) + 1;
        TradeFrame.Seal(frame, trades, producer, producer == 0 ? 0 : sequence, receivedAtTicks);
        return frame;
    }

    /// <summary>A right checksum over records that do not add up.</summary>
    public byte[] BadRecords(ulong producer, long receivedAtTicks)
    {
        var frame = Next(producer, 3, receivedAtTicks);
        frame[TradeFrame.HeaderBytes] ^= 0x55; // the length of the first user id
        TradeFrame.Seal(frame, 3, producer, _sequences[producer], receivedAtTicks);
        return frame;
    }
}
