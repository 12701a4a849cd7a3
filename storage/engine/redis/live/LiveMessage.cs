using System.Buffers.Binary;
using System.Text;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// An update on the live channel. Integers are varints where no size is given.
/// <code>
/// 1 byte   version, 1
/// 8 bytes  publisher: random identity of one run of one worker, little endian
/// sequence: grows by one for each publisher and shard, from 1
/// shard
/// 0 where the seconds are not known, otherwise their number + 1, and each as ticks
/// number of trades, and for each 8 bytes received at, UTC ticks, and a TradeRecord
/// </code>
/// </summary>
internal readonly record struct LiveMessage(ulong Publisher, ulong Sequence, LiveUpdate Update)
{
    // A worker that catches up changes more; a page asks for its present state then anyway.
    private const int MaxSeconds = 1024;

    private const byte Version = 1;
    private const int HeadBytes = 1 + sizeof(ulong);
    private const int MaxVarintBytes = 10;

    public byte[] ToBytes()
    {
        var seconds = Update.SecondsTicks is { Count: <= MaxSeconds } known ? known : null;
        var bytes = new byte[HeadBytes
            + MaxVarintBytes * (4 + (seconds?.Count ?? 0))
            + Update.NewestTrades.Count * (sizeof(long) + TradeRecord.MaxBytes)];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1), Publisher);
        var writer = new VarintWriter(bytes.AsSpan(HeadBytes));
        writer.Write(Sequence);
        writer.Write((ulong)Update.Shard);
        writer.Write(seconds is null ? 0 : (ulong)seconds.Count + 1);
        foreach (var second in seconds ?? [])
            writer.Write((ulong)second);
        writer.Write((ulong)Update.NewestTrades.Count);
        var length = HeadBytes + writer.Written;
        foreach (var trade in Update.NewestTrades)
            length += Write(bytes.AsSpan(length), trade);
        return bytes[..length];
    }

    /// <exception cref="InvalidDataException">The bytes are no update of this version.</exception>
    public static LiveMessage Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadBytes || bytes[0] != Version)
            throw new InvalidDataException("It is no update of this version.");
        var publisher = BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]);
        bytes = bytes[HeadBytes..];
        var sequence = Varint.Read(ref bytes);
        var shard = (int)Varint.Read(ref bytes);
        var seconds = ReadSeconds(ref bytes);
        var trades = new List<Trade>();
        for (var left = Varint.Read(ref bytes); left > 0; left--)
            trades.Add(ReadTrade(ref bytes));
        return new LiveMessage(publisher, sequence, new LiveUpdate(shard, seconds, trades));
    }

    private static int Write(Span<byte> destination, Trade trade)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, trade.ReceivedAt.Ticks);
        return sizeof(long) + TradeRecord.Write(
            destination[sizeof(long)..],
            trade.CurrencyFrom,
            trade.CurrencyTo,
            trade.OriginatingCountry,
            trade.AmountSell,
            trade.AmountBuy,
            trade.Rate,
            trade.TimePlaced.Ticks,
            Encoding.UTF8.GetBytes(trade.UserId));
    }

    private static List<long>? ReadSeconds(ref ReadOnlySpan<byte> bytes)
    {
        var count = Varint.Read(ref bytes);
        if (count == 0)
            return null;
        var seconds = new List<long>();
        for (var left = count - 1; left > 0; left--)
            seconds.Add((long)Varint.Read(ref bytes));
        return seconds;
    }

    private static Trade ReadTrade(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= sizeof(long) + TradeRecord.FixedBytes
            || bytes.Length < sizeof(long) + TradeRecord.LengthAt(bytes[sizeof(long)..]))
        {
            throw new InvalidDataException("A trade is cut off.");
        }
        var receivedAtTicks = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var record = new TradeRecord(bytes[sizeof(long)..]);
        if ((ulong)receivedAtTicks > (ulong)DateTime.MaxValue.Ticks
            || (ulong)record.TimePlacedTicks > (ulong)DateTime.MaxValue.Ticks)
        {
            throw new InvalidDataException("A trade has no time.");
        }
        bytes = bytes[(sizeof(long) + record.Bytes.Length)..];
        return record.ToTrade(receivedAtTicks);
    }
}
