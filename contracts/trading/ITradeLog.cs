namespace TradeProcessor.Contracts;

/// <summary>What a completed append survives.</summary>
public enum Durability
{
    /// <summary>Nothing: the log is in memory only.</summary>
    Memory,

    /// <summary>The end of the process, not that of the machine.</summary>
    ProcessCrash,

    /// <summary>The end of the machine: the bytes were flushed to the disk.</summary>
    Disk,
}

/// <summary>
/// The log as consumers see it. Each shard has one writer at a time, with one append in flight.
/// </summary>
public interface ITradeLog
{
    int ShardCount { get; }

    /// <summary>
    /// Payload of a frame that the log likes best, in bytes; a request that is larger may still
    /// fill one up to <see cref="TradeFrame.MaxPayloadBytes"/>.
    /// </summary>
    int FramePayloadBytes { get; }

    /// <summary>Null where the back end does not tell.</summary>
    Durability? Durability { get; }

    /// <summary>
    /// Appends one sealed frame. Completes when the frame is in the log at <see cref="Durability"/>;
    /// the bytes may be used again then. A back end that cannot know whether an append took effect
    /// repeats it until it does: the frame's producer and sequence make a repeat count once.
    /// </summary>
    /// <exception cref="LogUnavailableException">
    /// The frame is not in the log, or nobody knows. The log mends itself; try later.
    /// </exception>
    ValueTask AppendAsync(int shard, ReadOnlyMemory<byte> frame, CancellationToken cancellation);

    /// <summary>Does a real write to the place where the log lives, for readiness.</summary>
    /// <exception cref="LogUnavailableException">The write failed.</exception>
    ValueTask ProbeAsync(CancellationToken cancellation);
}

/// <summary>The log does not take frames now. The message says why.</summary>
public sealed class LogUnavailableException(string message, Exception? inner = null)
    : Exception(message, inner);
