using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Names of all keys. Those of a shard share a hash tag, so that a Redis Cluster keeps them on one
/// node, where a script may change them together.
/// <code>
/// tp:meta                    hash: shards, epoch
/// tp:workers                 sorted set: worker → time of its last sign, Redis clock in ms
/// tp:{processes}:reports     hash: process → its last report; :times sorted set: when
/// tp:live                    channel: updates for frontends
/// tp:bell                    channel: shards whose empty list got a frame, for workers
/// tp:{rejects}:…             counts and the newest refused trades
/// tp:{s}:log                 list: one frame an element
/// tp:{s}:state               hash: head, total, since, time, failures, recent, owner
/// tp:{s}:marks               hash: producer → last sequence counted, and when
/// tp:{s}:fence               number: token of the newest lease
/// tp:{s}:lease               string with a time to live: who owns the shard
/// tp:{s}:cells:1s:START      hash: packed key → packed aggregate; START in units of the resolution
/// tp:{s}:block:1s:START      string: all cells of an interval; a hash beside it is newer
/// tp:{s}:totals:1s:BUCKET    hash: START → stamp and total of the interval
/// tp:{s}:pairs, :countries   sets
/// tp:{s}:recent              list: blocks of the newest trades
/// tp:{s}:dead                list: dead frames
/// tp:{s}:once:HASH           string with a time to live: idempotency keys
/// </code>
/// </summary>
internal static class RedisKeys
{
    /// <summary>Intervals whose totals share a hash.</summary>
    public const int BucketIntervals = 60;

    public static readonly RedisKey Meta = "tp:meta";
    public static readonly RedisKey Workers = "tp:workers";
    public static readonly RedisKey Processes = "tp:{processes}:reports";
    public static readonly RedisKey ProcessTimes = "tp:{processes}:times";
    public const string LiveChannel = "tp:live";
    public const string BellChannel = "tp:bell";
    public static readonly RedisKey RejectCounts = "tp:{rejects}:counts";
    public static readonly RedisKey RejectRecent = "tp:{rejects}:recent";

    public static RedisKey RejectMark(ulong producerId) => $"tp:{{rejects}}:mark:{producerId:x16}";
    public static RedisKey Log(int shard) => Of(shard, "log");
    public static RedisKey State(int shard) => Of(shard, "state");
    public static RedisKey Marks(int shard) => Of(shard, "marks");
    public static RedisKey Fence(int shard) => Of(shard, "fence");
    public static RedisKey Lease(int shard) => Of(shard, "lease");
    public static RedisKey Pairs(int shard) => Of(shard, "pairs");
    public static RedisKey Countries(int shard) => Of(shard, "countries");
    public static RedisKey Recent(int shard) => Of(shard, "recent");
    public static RedisKey Dead(int shard) => Of(shard, "dead");
    public static RedisKey Probe(int shard) => Of(shard, "probe");
    public static RedisKey Once(int shard, string hash) => Of(shard, $"once:{hash}");

    public static RedisKey Cells(int shard, IntervalKey interval) =>
        Of(shard, $"cells:{interval.Resolution.Name}:{Number(interval)}");

    public static RedisKey Block(int shard, IntervalKey interval) =>
        Of(shard, $"block:{interval.Resolution.Name}:{Number(interval)}");

    /// <summary>
    /// The hash that holds the interval's total, in the field <see cref="Number"/>.
    /// </summary>
    public static RedisKey Totals(int shard, IntervalKey interval) => Of(
        shard, $"totals:{interval.Resolution.Name}:{Number(interval) / BucketIntervals}");

    /// <summary>Start of an interval in units of its resolution.</summary>
    public static long Number(IntervalKey interval) =>
        interval.StartTicks / interval.Resolution.Ticks;

    private static RedisKey Of(int shard, string name) => $"tp:{{{shard}}}:{name}";
}
