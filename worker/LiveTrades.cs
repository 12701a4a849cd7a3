using TradeProcessor.Contracts;

namespace TradeProcessor.Worker;

/// <summary>The newest trades of a commit, as many as a page shows.</summary>
internal static class LiveTrades
{
    // The tape of a page shows 50 trades and changes 4 times a second.
    private const int Limit = 50;

    /// <summary>Oldest first.</summary>
    public static List<Trade> Newest(IReadOnlyList<RecordBlock> blocks)
    {
        var trades = new List<Trade>();
        for (var i = blocks.Count - 1; i >= 0 && trades.Count < Limit; i--)
        {
            var ofBlock = new List<Trade>();
            foreach (var record in Tail(blocks[i].Records.Span, Limit - trades.Count))
                ofBlock.Add(record.ToTrade(blocks[i].ReceivedAtTicks));
            trades.InsertRange(0, ofBlock);
        }
        return trades;
    }

    private static TradeFrame.RecordEnumerator Tail(ReadOnlySpan<byte> records, int count)
    {
        var total = 0;
        foreach (var _ in new TradeFrame.RecordEnumerator(records))
            total++;
        var tail = new TradeFrame.RecordEnumerator(records);
        for (; total > count; total--)
            _ = tail.MoveNext();
        return tail;
    }
}
