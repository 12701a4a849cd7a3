namespace TradeProcessor.Contracts;

/// <summary>
/// Whether the records of a whole frame can be counted: a right checksum only says that they are
/// as their writer wrote them.
/// </summary>
public static class FrameCheck
{
    /// <summary>Why they cannot; null where they can.</summary>
    public static string? FindFault(ReadOnlySpan<byte> frame, in FrameHeader header)
    {
        if (!IsInstant(header.ReceivedAtTicks))
            return $"The time of receipt is no instant: {header.ReceivedAtTicks}.";
        var rest = frame.Slice(TradeFrame.HeaderBytes, header.RecordBytes);
        var count = 0;
        for (; !rest.IsEmpty; count++)
        {
            var length = TradeRecord.LengthAt(rest);
            if (length > rest.Length)
                return $"Record {count} is cut off.";
            if (FindFault(new TradeRecord(rest)) is { } fault)
                return $"Record {count}: {fault}.";
            rest = rest[length..];
        }
        return count == header.Count
            ? null
            : $"The frame says {header.Count} trades and has {count}.";
    }

    private static string? FindFault(TradeRecord record)
    {
        if (record.AmountSell.Scale > ExactDecimal.SumScale
            || record.AmountBuy.Scale > ExactDecimal.SumScale
            || record.Rate.Scale > ExactDecimal.MaxScale)
        {
            return "a number has too many decimals";
        }
        return IsInstant(record.TimePlacedTicks) ? null : "timePlaced is no instant";
    }

    // A year of distance from both ends: intervals and ages are added to it.
    private static bool IsInstant(long ticks) =>
        ticks > 365 * TimeSpan.TicksPerDay
        && ticks < DateTime.MaxValue.Ticks - 365 * TimeSpan.TicksPerDay;
}
