using StackExchange.Redis;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Cells;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>Cells of one interval of a shard: the block, and the hash's fields over it.</summary>
internal static class StoredCells
{
    // The hash first: a commit that closes the interval in between makes the block before it
    // deletes the hash, so no cell is missed.
    /// <exception cref="InvalidDataException">What stands there is no cells.</exception>
    public static async Task<CellBlock> ReadAsync(
        IDatabase redis, int shard, IntervalKey interval)
    {
        var changed = redis.HashGetAllAsync(RedisKeys.Cells(shard, interval));
        var block = redis.StringGetAsync(RedisKeys.Block(shard, interval));
        await Task.WhenAll(changed, block);
        return Overlay(interval.StartTicks, (byte[]?)await block, await changed);
    }

    private static CellBlock Overlay(long startTicks, byte[]? packed, HashEntry[] changed)
    {
        var block = packed is null ? null : RedisCells.ReadBlock(packed, startTicks);
        if (block is not null && changed.Length == 0)
            return block;
        var merged = block is null ? new OpenInterval(startTicks) : OpenInterval.From(block);
        foreach (var field in changed)
        {
            _ = merged.Set(new Cell
            {
                Key = RedisCells.ReadField((byte[])field.Name!),
                Value = RedisCells.ReadValue((byte[])field.Value!, startTicks),
            });
        }
        return merged.Pack();
    }
}
