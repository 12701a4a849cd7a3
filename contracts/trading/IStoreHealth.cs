namespace TradeProcessor.Contracts;

/// <param name="Owner">The process that counts it; null while nobody does.</param>
/// <param name="WaitingFrames">Logged, not counted; null where only bytes are known.</param>
/// <param name="WaitingBytes">Likewise, in bytes of log; null where only frames are known.</param>
/// <param name="BehindSeconds">Age of the oldest frame that waits; 0 for none.</param>
/// <param name="LogBytes">What the log of the shard takes.</param>
/// <param name="DiskFreeBytes">What the disk of the log has left; null where that is not known.</param>
/// <param name="DiskBytes">Of so many; null where that is not known.</param>
public sealed record ShardHealth(
    int Shard,
    string? Owner,
    long? WaitingFrames,
    long? WaitingBytes,
    double BehindSeconds,
    long LogBytes,
    long? DiskFreeBytes = null,
    long? DiskBytes = null);

/// <summary>How log and counting are, shard by shard.</summary>
public interface IStoreHealth
{
    /// <exception cref="LogUnavailableException">The back end does not answer.</exception>
    ValueTask<IReadOnlyList<ShardHealth>> ShardsAsync(CancellationToken cancellation);
}
