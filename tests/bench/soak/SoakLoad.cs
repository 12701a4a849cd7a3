namespace TradeProcessor.Bench.Soak;

/// <summary>What the load tool saw: acknowledged trades, and how long a batch took.</summary>
/// <param name="Doubtful">
/// Trades of batches that were told 503 or nothing: where the log stalled they may be in it, and
/// the tool sends them again.
/// </param>
internal sealed record SoakLoad(
    long Accepted, long Doubtful, double P50Ms, double P99Ms, double MaxMs);
