namespace TradeProcessor.Tests.Faults.Clients;

/// <summary>How many trades, and their exact sums in units of 1e-8.</summary>
internal readonly record struct TradeSums(long Count, UInt128 Sell, UInt128 Buy)
{
    public static TradeSums operator +(TradeSums left, TradeSums right) =>
        new(left.Count + right.Count, left.Sell + right.Sell, left.Buy + right.Buy);

    /// <summary>Wraps around where the right one is larger, which equals no sum of trades.</summary>
    public static TradeSums operator -(TradeSums left, TradeSums right) => new(
        left.Count - right.Count,
        unchecked(left.Sell - right.Sell),
        unchecked(left.Buy - right.Buy));
}
