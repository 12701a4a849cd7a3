namespace TradeProcessor.Bench.Soak;

/// <summary>What the load tool saw: acknowledged trades, and how long a batch took.</summary>
internal sealed record SoakLoad(long Accepted, double P50Ms, double P99Ms, double MaxMs);
