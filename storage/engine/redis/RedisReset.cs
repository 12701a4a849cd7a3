using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Empties the store while programs may run on it. It (1) takes every shard's lease away, so that
/// no worker can commit; (2) deletes all keys of the store but leases and fences; (3) deletes the
/// epoch and gives the leases free: workers take the shards anew, at their beginning, and
/// frontends read a new epoch. What consumers log meanwhile may be deleted, too.
/// </summary>
internal static class RedisReset
{
    private const string Everything = "tp:*";
    private const int PageSize = 1000;
    private const string Holder = "reset";

    // Longer than it takes to delete; a reset that died is over by then.
    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(2);

    // KEYS lease, fence; ARGV holder, ms.
    private static readonly RedisScript Hold = new("""
        local time = redis.call('TIME')
        local last = tonumber(redis.call('GET', KEYS[2]) or '0')
        local token = string.format('%.0f', math.max(last + 1, time[1] * 1000000 + time[2]))
        redis.call('SET', KEYS[2], token)
        redis.call('SET', KEYS[1], ARGV[1] .. ':' .. token, 'PX', ARGV[2])
        return 1
        """);

    /// <returns>Keys that went.</returns>
    /// <exception cref="LogUnavailableException">Redis does not answer; repeat it.</exception>
    public static async Task<long> RunAsync(RedisBackEnd backEnd)
    {
        var held = new HashSet<string>();
        for (var shard = 0; shard < backEnd.ShardCount; shard++)
        {
            _ = await Hold.EvaluateAsync(
                backEnd.Link,
                [RedisKeys.Lease(shard), RedisKeys.Fence(shard)],
                [Holder, (long)HoldTime.TotalMilliseconds]);
            held.Add(RedisKeys.Lease(shard)!);
            held.Add(RedisKeys.Fence(shard)!);
        }
        var deleted = await DeleteAsync(backEnd.Link, held);
        _ = await backEnd.Link.CallAsync(database => database.KeyDeleteAsync(RedisKeys.Meta));
        for (var shard = 0; shard < backEnd.ShardCount; shard++)
        {
            var lease = RedisKeys.Lease(shard);
            _ = await backEnd.Link.CallAsync(database => database.KeyDeleteAsync(lease));
        }
        return deleted;
    }

    private static async Task<long> DeleteAsync(RedisLink link, HashSet<string> held)
    {
        var deleted = 0L;
        foreach (var server in Primaries(link))
        {
            // One key a call: in a cluster, keys of one call must share a slot.
            var keys = server.Keys(pattern: Everything, pageSize: PageSize)
                .Where(key => !held.Contains(key!) && key != RedisKeys.Meta);
            foreach (var page in keys.Chunk(PageSize))
            {
                var gone = await Task.WhenAll(page.Select(key => link
                    .CallAsync(database => database.KeyDeleteAsync(key)).AsTask()));
                deleted += gone.Count(isGone => isGone);
            }
        }
        return deleted;
    }

    private static IEnumerable<IServer> Primaries(RedisLink link)
    {
        var multiplexer = link.Current
            ?? throw new LogUnavailableException($"Redis at {link.Address} is not connected.");
        return multiplexer.GetEndPoints()
            .Select(address => multiplexer.GetServer(address))
            .Where(server => server is { IsConnected: true, IsSlave: false });
    }
}
