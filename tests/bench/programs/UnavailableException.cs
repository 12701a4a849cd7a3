namespace TradeProcessor.Bench.Programs;

/// <summary>Something that a measurement needs cannot be had here; the message says why.</summary>
internal sealed class UnavailableException(string message) : Exception(message);
