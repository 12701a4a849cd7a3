using StackExchange.Redis;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Dead;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>A dead frame up to the end of its header.</summary>
/// <param name="Index">Its place in the list, 0 for the oldest.</param>
internal sealed record DeadHead(long Index, DeadFrame Dead, long MissingBytes);

/// <summary>Looks through a shard's dead frames without fetching their trades.</summary>
internal static class DeadHeads
{
    // 64 KiB each, copied once within Redis: some milliseconds a call.
    private const int PageFrames = 256;

    private static readonly RedisScript Page = new("""
        local heads = {}
        for index = ARGV[1], ARGV[1] + ARGV[2] - 1 do
            local bytes = redis.call('LINDEX', KEYS[1], index)
            if not bytes then break end
            local head = 23 + 48
            if #bytes >= 23 then
                head = head + string.byte(bytes, 22) + 256 * string.byte(bytes, 23)
            end
            table.insert(heads, string.sub(bytes, 1, head))
            table.insert(heads, #bytes)
        end
        return heads
        """);

    /// <summary>Oldest first.</summary>
    /// <exception cref="LogUnavailableException"/>
    public static async Task<List<DeadHead>> ReadAsync(
        RedisLink link, int shard, CancellationToken cancellation)
    {
        var heads = new List<DeadHead>();
        for (var index = 0; ; index += PageFrames)
        {
            var page = (RedisValue[])(await Page.EvaluateAsync(
                link, [RedisKeys.Dead(shard)], [index, PageFrames], cancellation))!;
            for (var i = 0; i < page.Length; i += 2)
            {
                var bytes = (byte[])page[i]!;
                if (DeadFrame.TryRead(bytes) is { } dead)
                    heads.Add(new DeadHead(index + i / 2, dead, (long)page[i + 1] - bytes.Length));
            }
            if (page.Length < 2 * PageFrames)
                return heads;
        }
    }
}
