namespace TradeProcessor.Consumer.Bodies;

/// <summary>What a body's media type says that it is.</summary>
internal enum BodyKind
{
    /// <summary>One trade, or an array of trades.</summary>
    Json,

    /// <summary>A trade on each line.</summary>
    Ndjson,
}

internal enum BodyStatus
{
    /// <summary>All of the body was read; its trades may still be good or not.</summary>
    Ok,

    /// <summary>The body is not what it should be.</summary>
    Malformed,

    /// <summary>The body is longer than its limit.</summary>
    TooLarge,
}

/// <param name="Single">The body is one trade and no batch.</param>
/// <param name="Offset">Where it went wrong, in bytes from 0; else the length of the body.</param>
/// <param name="Line">The line of the offset, from 1.</param>
internal readonly record struct BodyResult(BodyStatus Status, bool Single, long Offset, int Line);

/// <param name="SingleBytes">Most bytes of a body that is one trade.</param>
/// <param name="BatchBytes">Most bytes of a batch.</param>
/// <param name="TradeBytes">Most bytes of one trade in a batch.</param>
internal sealed record BodyLimits(int SingleBytes, int BatchBytes, int TradeBytes)
{
    /// <summary>20 times an ordinary trade; 40,000 ordinary trades.</summary>
    public static BodyLimits Default { get; } = new(4 << 10, 8 << 20, 4 << 10);
}
