namespace TradeProcessor.Bench.Soak;

/// <summary>How the host stands at one instant.</summary>
/// <param name="ResidentBytes">Of the process.</param>
/// <param name="HeapBytes">Managed objects, dead ones that were not collected yet included.</param>
/// <param name="SnapshotBytes">
/// Of the newest snapshot: it holds the closed cells byte for byte as the memory does.
/// </param>
internal sealed record SoakSample(
    TimeSpan At,
    long Aggregated,
    double LagSeconds,
    long ResidentBytes,
    long HeapBytes,
    long LogBytes,
    long SnapshotBytes);
