using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Faults.Clients;

/// <summary>Elements of the log that cannot be counted.</summary>
internal sealed class Poison(Random random)
{
    // As many as a record with the longest user id has room for.
    private const int MaxTrades = 6;
    private const int ShortestRecord = TradeRecord.FixedBytes + 1;

    private int _next;

    /// <summary>
    /// By turns: a sealed frame whose record is cut off; one that says more trades than it has;
    /// noise; a frame with a flipped bit; one without its end; a single byte.
    /// </summary>
    /// <returns>Its bytes, and how many trades its header says; 0 where it has none.</returns>
    public (byte[] Bytes, int Trades) Next()
    {
        var trades = random.Next(2, MaxTrades + 1);
        switch (_next++ % 6)
        {
            case 0:
                return (CutOff(trades), trades);
            case 1:
                return (Overstated(trades), trades);
            case 2:
                return (Noise(random.Next(2, 2000)), 0);
            case 3:
                var flipped = Whole(trades);
                flipped[^1] ^= 1; // of the records: the header still says how many
                return (flipped, trades);
            case 4:
                return (Whole(trades)[..^1], trades);
            default:
                return (Noise(1), 0);
        }
    }

    // 256 bytes of user id, says its first byte; they are not there.
    private byte[] CutOff(int trades)
    {
        var records = new byte[trades * ShortestRecord];
        records.AsSpan().Fill(byte.MaxValue);
        return Seal(records, trades);
    }

    private byte[] Overstated(int trades) =>
        Seal(Record(trades * ShortestRecord - TradeRecord.FixedBytes), trades);

    private byte[] Whole(int trades) =>
        Seal([.. Enumerable.Range(0, trades).SelectMany(_ => Record(8))], trades);

    private byte[] Seal(byte[] records, int trades)
    {
        byte[] frame = [.. new byte[TradeFrame.HeaderBytes], .. records];
        TradeFrame.Seal(
            frame, trades, (ulong)random.NextInt64(1, long.MaxValue), 1, DateTime.UtcNow.Ticks);
        return frame;
    }

    private byte[] Record(int userIdBytes)
    {
        Assert.True(CountryCode.TryParse("FR".AsSpan(), out var country));
        var record = new byte[TradeRecord.FixedBytes + userIdBytes];
        var amount = new ExactDecimal((ulong)random.NextInt64(1, 1_000_000), 2);
        _ = TradeRecord.Write(
            record, AssetCode.Parse("EUR"), AssetCode.Parse("GBP"), country, amount, amount,
            amount, DateTime.UtcNow.Ticks, Noise(userIdBytes));
        return record;
    }

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
