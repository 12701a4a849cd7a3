using System.ComponentModel.DataAnnotations;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>Directory of the log and the snapshots.</summary>
    [Required, MinLength(1)]
    public string Path { get; set; } = "data";

    /// <summary>Small enough to delete history in steps, large enough for few files.</summary>
    [Range(64 * 1024, 1L << 40)]
    public long SegmentBytes { get; set; } = 256 << 20;

    /// <summary>16 GiB hold about 300 million trades.</summary>
    [Range(1 << 20, 1L << 50)]
    public long RetainBytes { get; set; } = 16L << 30;

    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan RetainFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Bounds the log that a start has to replay.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SnapshotEvery { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A snapshot is also due after so much log: about 3 s of replay.</summary>
    [Range(64 * 1024, 1L << 40)]
    public long SnapshotAfterBytes { get; set; } = 512 << 20;

    /// <summary>Memory for the cells of closed intervals; beyond it the oldest, finest ones go.</summary>
    [Range(1 << 20, 1L << 40)]
    public long CellBytes { get; set; } = 1L << 30;

    [Range(100, 1_000_000)]
    public int RecentTrades { get; set; } = 10_000;

    /// <summary>
    /// Idempotency keys that are remembered, about 50 bytes each; then the oldest go before their 24
    /// hours are over.
    /// </summary>
    [Range(1, 50_000_000)]
    public int IdempotencyKeys { get; set; } = 1_000_000;

    [Range(10, 100_000)]
    public int RecentRejects { get; set; } = 1_000;
}
