using System.Text;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Recent;

/// <summary>The newest trades in a ring of fixed slots. Not thread-safe.</summary>
internal sealed class RecentTrades(int capacity)
{
    private const int SlotBytes = sizeof(long) + TradeRecord.MaxBytes;

    private readonly byte[] _slots = new byte[capacity * SlotBytes];
    private long _added;

    public int Count => (int)Math.Min(_added, capacity);

    public void Add(RecordBlock block)
    {
        foreach (var record in new TradeFrame.RecordEnumerator(block.Records.Span))
            Add(block.ReceivedAtTicks, record);
    }

    public void Add(long receivedAtTicks, TradeRecord record)
    {
        var slot = Slot(_added++);
        _ = BitConverter.TryWriteBytes(slot, receivedAtTicks);
        record.Bytes.CopyTo(slot[sizeof(long)..]);
    }

    /// <summary>Newest first.</summary>
    public List<Trade> Find(TradeQuery query)
    {
        var found = new List<Trade>();
        var userId = query.UserId is null ? null : Encoding.UTF8.GetBytes(query.UserId);
        for (var i = _added - 1; i >= _added - Count && found.Count < query.Limit; i--)
        {
            var record = RecordAt(i, out var receivedAtTicks);
            if ((query.Pair is null || record.Pair == query.Pair)
                && (query.Country is null || record.Country == query.Country)
                && (userId is null || record.UserId.SequenceEqual(userId)))
            {
                found.Add(record.ToTrade(receivedAtTicks));
            }
        }
        return found;
    }

    /// <summary>All that it holds, oldest first.</summary>
    public List<RecordBlock> ToBlocks()
    {
        var blocks = new List<RecordBlock>(Count);
        for (var i = _added - Count; i < _added; i++)
        {
            var record = RecordAt(i, out var receivedAtTicks);
            blocks.Add(new RecordBlock(receivedAtTicks, record.Bytes.ToArray()));
        }
        return blocks;
    }

    private TradeRecord RecordAt(long index, out long receivedAtTicks)
    {
        var slot = Slot(index);
        receivedAtTicks = BitConverter.ToInt64(slot);
        return new TradeRecord(slot[sizeof(long)..]);
    }

    private Span<byte> Slot(long index) =>
        _slots.AsSpan((int)(index % capacity) * SlotBytes, SlotBytes);
}
