using System.ComponentModel.DataAnnotations;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>Section <c>Redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>
    /// Addresses and settings in the notation of StackExchange.Redis, such as
    /// <c>10.0.0.5:6379,password=…</c>. Empty: the embedded back end.
    /// </summary>
    [DataType(DataType.Password)]
    public string Configuration { get; set; } = "";

    /// <summary>
    /// Shards of the log, agreed on by all programs: the first one that starts with a new Redis
    /// decides, later ones may leave it out. Each shard is counted by one worker at a time; four
    /// are enough to keep two workers and one Redis busy.
    /// </summary>
    [Range(1, 256)]
    public int? Shards { get; set; }

    /// <summary>Replicas that must have a trade before its 202; not with a Redis Cluster.</summary>
    [Range(0, 10)]
    public int WaitReplicas { get; set; }

    /// <summary>
    /// A worker that has not been heard of for so long loses its shards. Shorter than what an
    /// operator notices, longer than a garbage collection or a failover.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Longest time that a call may take before its outcome counts as unknown; a program answers
    /// 503 within a second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan CallLimit { get; set; } = TimeSpan.FromMilliseconds(800);

    /// <summary>
    /// Frames that may wait in a shard to be counted; beyond it 503. A frame has up to 64 KiB, so
    /// this is what bounds the memory of Redis while workers are away.
    /// </summary>
    [Range(100, 10_000_000)]
    public int MaxPendingFrames { get; set; } = 20_000;

    /// <summary>Newest trades that are kept, over all shards.</summary>
    [Range(100, 100_000)]
    public int RecentTrades { get; set; } = 4_000;

    /// <summary>Newest refused trades that are kept.</summary>
    [Range(10, 100_000)]
    public int RecentRejects { get; set; } = 1_000;

    /// <summary>Dead frames that are kept for each shard; then the oldest go.</summary>
    [Range(1, 1_000_000)]
    public int MaxDeadFrames { get; set; } = 10_000;

    /// <summary>Memory of a reader for cells that it has read before.</summary>
    [Range(1 << 20, 1L << 40)]
    public long CacheBytes { get; set; } = 256 << 20;
}
