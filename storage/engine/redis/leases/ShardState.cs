using System.Globalization;
using StackExchange.Redis;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>What a new owner of a shard goes on from.</summary>
/// <param name="Head">Frames that were ever trimmed from the log.</param>
/// <param name="Total">Trades in them that were counted.</param>
internal readonly record struct ShardState(long Head, long Total)
{
    /// <param name="fields">Names and values of the hash by turns.</param>
    /// <exception cref="InvalidDataException">A value is no number.</exception>
    public static ShardState Read(IReadOnlyList<RedisValue> fields)
    {
        long head = 0, total = 0;
        for (var i = 0; i + 1 < fields.Count; i += 2)
        {
            if (fields[i] == "head")
                head = Number(fields[i], fields[i + 1]);
            else if (fields[i] == "total")
                total = Number(fields[i], fields[i + 1]);
        }
        return new ShardState(head, total);
    }

    private static long Number(RedisValue name, RedisValue value) =>
        long.TryParse((string)value!, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"The shard's {name} is '{value}'.");
}
