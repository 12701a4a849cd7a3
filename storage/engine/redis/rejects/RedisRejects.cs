using System.Text.Json;
using System.Text.Json.Serialization;
using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Refused trades in Redis, of all consumers.
/// <code>
/// tp:{rejects}:counts       hash: error code → count, and "total"
/// tp:{rejects}:recent       list: a Reject as JSON, the newest last
/// tp:{rejects}:mark:ID      sequence of the consumer's last batch, for a day
/// </code>
/// </summary>
internal static partial class RedisRejects
{
    private const string TotalField = "total";

    private static readonly TimeSpan MarkLifetime = TimeSpan.FromDays(1);

    private static readonly RedisScript Add = new("""
        local mark = redis.call('GET', KEYS[3])
        if mark and tonumber(mark) >= tonumber(ARGV[1]) then
            return 0
        end
        redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
        local entries = 5 + 2 * tonumber(ARGV[4])
        for i = 5, entries - 1, 2 do
            redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])
        end
        for i = entries, #ARGV do
            redis.call('RPUSH', KEYS[2], ARGV[i])
        end
        redis.call('LTRIM', KEYS[2], -tonumber(ARGV[3]), -1)
        return 1
        """);

    /// <summary>Counts a batch once, however often it is sent.</summary>
    /// <param name="producerId">Identity of one run of one consumer.</param>
    /// <param name="sequence">Grows with each batch of the producer.</param>
    /// <param name="keep">Newest refused trades that are kept, of all consumers.</param>
    /// <exception cref="LogUnavailableException"/>
    public static async ValueTask AddAsync(
        RedisLink link,
        ulong producerId,
        long sequence,
        RejectBatch batch,
        int keep,
        CancellationToken cancellation)
    {
        List<RedisValue> values =
        [
            sequence, (long)MarkLifetime.TotalMilliseconds, keep, batch.ByCode.Count + 1,
            TotalField, batch.Total,
        ];
        foreach (var (code, count) in batch.ByCode)
            values.AddRange(code, count);
        foreach (var reject in batch.Kept)
            values.Add(JsonSerializer.SerializeToUtf8Bytes(reject, EntryJson.Default.Reject));
        _ = await Add.EvaluateAsync(
            link,
            [RedisKeys.RejectCounts, RedisKeys.RejectRecent, RedisKeys.RejectMark(producerId)],
            [.. values],
            cancellation);
    }

    /// <exception cref="LogUnavailableException"/>
    public static async ValueTask<RejectReport> ReadAsync(
        RedisLink link, int limit, CancellationToken cancellation)
    {
        var (counts, entries) = await link.CallAsync(
            async database =>
            {
                var counts = database.HashGetAllAsync(RedisKeys.RejectCounts);
                var entries = limit > 0
                    ? database.ListRangeAsync(RedisKeys.RejectRecent, -limit, -1)
                    : Task.FromResult(Array.Empty<RedisValue>());
                await Task.WhenAll(counts, entries);
                return (await counts, await entries);
            },
            cancellation);
        var byCode = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var count in counts)
            byCode[(string)count.Name!] = (long)count.Value;
        _ = byCode.Remove(TotalField, out var total);
        return new RejectReport(
            total, byCode, [.. entries.Reverse().Select(Read).OfType<Reject>()]);
    }

    /// <summary>Refused trades ever.</summary>
    /// <exception cref="LogUnavailableException"/>
    public static async ValueTask<long> TotalAsync(
        RedisLink link, CancellationToken cancellation)
    {
        var total = await link.CallAsync(
            database => database.HashGetAsync(RedisKeys.RejectCounts, TotalField), cancellation);
        return total.IsNull ? 0 : (long)total;
    }

    /// <summary>Null for what another version wrote.</summary>
    private static Reject? Read(RedisValue entry)
    {
        try
        {
            return JsonSerializer.Deserialize((byte[])entry!, EntryJson.Default.Reject);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [JsonSerializable(typeof(Reject))]
    private sealed partial class EntryJson : JsonSerializerContext;
}
