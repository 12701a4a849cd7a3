using System.Buffers.Binary;
using System.Text;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// The newest trades of all shards. A list element is 8 bytes of receivedAt ticks, 4 bytes with
/// the number of trades, little endian, and their records; the newest element is the last.
/// </summary>
internal static class RecentReader
{
    private const int HeaderBytes = sizeof(long) + sizeof(int);

    /// <summary>Newest first.</summary>
    /// <exception cref="LogUnavailableException"/>
    public static async Task<List<RecordBlock>> ReadAsync(RedisBackEnd backEnd)
    {
        var lists = await Task.WhenAll(Enumerable.Range(0, backEnd.ShardCount).Select(
            shard => backEnd.Link
                .CallAsync(redis => redis.ListRangeAsync(RedisKeys.Recent(shard))).AsTask()));
        // A stable order: blocks of one shard that share an instant stay as they came.
        return [.. lists
            .SelectMany(list => list.Reverse())
            .Select(element => Read((byte[])element!))
            .OrderByDescending(block => block.ReceivedAtTicks)];
    }

    public static List<Trade> Find(List<RecordBlock> blocks, TradeQuery query)
    {
        var found = new List<Trade>();
        var userId = query.UserId is null ? null : Encoding.UTF8.GetBytes(query.UserId);
        foreach (var block in blocks)
        {
            var ofBlock = new List<Trade>();
            foreach (var record in new TradeFrame.RecordEnumerator(block.Records.Span))
            {
                if (Matches(record, query, userId))
                    ofBlock.Add(record.ToTrade(block.ReceivedAtTicks));
            }
            for (var i = ofBlock.Count - 1; i >= 0 && found.Count < query.Limit; i--)
                found.Add(ofBlock[i]);
            if (found.Count == query.Limit)
                break;
        }
        return found;
    }

    private static bool Matches(TradeRecord record, TradeQuery query, byte[]? userId) =>
        (query.Pair is null || record.Pair == query.Pair)
        && (query.Country is null || record.Country == query.Country)
        && (userId is null || record.UserId.SequenceEqual(userId));

    private static RecordBlock Read(byte[] element) => element.Length > HeaderBytes
        ? new RecordBlock(
            BinaryPrimitives.ReadInt64LittleEndian(element), element.AsMemory(HeaderBytes))
        : throw new InvalidDataException("A block of recent trades is cut off.");
}
