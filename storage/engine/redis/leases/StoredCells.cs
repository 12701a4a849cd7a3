using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>Cells of one interval of a shard: the block, and the hash's fields over it.</summary>
internal static class StoredCells
{
    /// <exception cref="LogUnavailableException"/>
    /// <exception cref="InvalidDataException">What stands there is no cells.</exception>
    public static async ValueTask<IReadOnlyList<Cell>> ReadAsync(
        RedisLink link, int shard, IntervalKey interval, CancellationToken cancellation)
    {
        var (block, changed) = await link.CallAsync(
            async database =>
            {
                var block = database.StringGetAsync(RedisKeys.Block(shard, interval));
                var changed = database.HashGetAllAsync(RedisKeys.Cells(shard, interval));
                return (await block, await changed);
            },
            cancellation);
        var cells = new CellTable();
        if (!block.IsNull)
        {
            foreach (var cell in RedisCells.ReadBlock((byte[])block!, interval.StartTicks).ToList())
                cells[cells.FindOrAdd(cell.Key)] = cell.Value;
        }
        foreach (var field in changed)
        {
            var key = RedisCells.ReadField((byte[])field.Name!);
            cells[cells.FindOrAdd(key)] =
                RedisCells.ReadValue((byte[])field.Value!, interval.StartTicks);
        }
        return cells.Cells.ToArray();
    }
}
