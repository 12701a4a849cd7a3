using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Intake;

/// <summary>
/// Packs what waits into one frame: requests that wait together share a frame and a flush. A
/// request that is larger than the log likes a frame fills one of its own, or several.
/// </summary>
/// <param name="fullBytes">Payload at which a frame is full.</param>
internal sealed class FramePacker(ulong producerId, int fullBytes)
{
    private readonly byte[] _frame = GC.AllocateUninitializedArray<byte>(
        TradeFrame.HeaderBytes + TradeFrame.MaxPayloadBytes, pinned: true);
    private readonly FrameClock _clock = new();
    private int _length = TradeFrame.HeaderBytes;
    private ulong _sequence;

    /// <summary>Trades in the frame.</summary>
    public int Count { get; private set; }

    private int Room => TradeFrame.HeaderBytes + fullBytes - _length;

    /// <summary>
    /// Takes the submission's records that fit. True where it is now in frames as a whole.
    /// </summary>
    public bool TryTake(Submission submission)
    {
        var records = submission.Records.Records.Span[submission.TakenBytes..];
        if (records.Length <= Room)
        {
            Append(records, submission.TakenBytes == 0
                ? submission.Records.Count
                : CountOf(records));
            submission.TakenBytes += records.Length;
            return true;
        }
        // Splitting what fits the next frame would only cost a second flush.
        if (Count > 0)
            return false;
        var (bytes, count) = Prefix(records, TradeFrame.MaxPayloadBytes);
        Append(records[..bytes], count);
        submission.TakenBytes += bytes;
        return bytes == records.Length;
    }

    /// <summary>Completes the frame; valid until the next <see cref="TryTake"/>.</summary>
    public ReadOnlyMemory<byte> Seal(long nowTicks)
    {
        var frame = _frame.AsMemory(0, _length);
        TradeFrame.Seal(
            frame.Span, Count, producerId, ++_sequence, _clock.Stamp(nowTicks, Count));
        _length = TradeFrame.HeaderBytes;
        Count = 0;
        return frame;
    }

    private void Append(ReadOnlySpan<byte> records, int count)
    {
        records.CopyTo(_frame.AsSpan(_length));
        _length += records.Length;
        Count += count;
    }

    private static int CountOf(ReadOnlySpan<byte> records) => Prefix(records, records.Length).Count;

    private static (int Bytes, int Count) Prefix(ReadOnlySpan<byte> records, int room)
    {
        int bytes = 0, count = 0;
        while (bytes < records.Length)
        {
            var length = TradeRecord.LengthAt(records[bytes..]);
            if (bytes + length > room)
                break;
            bytes += length;
            count++;
        }
        return (bytes, count);
    }
}
