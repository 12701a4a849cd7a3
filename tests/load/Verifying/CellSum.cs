namespace TradeProcessor.Load.Verifying;

/// <summary>Count and exact sums of one cell, in units of 1e-8.</summary>
internal readonly record struct CellSum(long Count, Int128 Sell, Int128 Buy)
{
    public static CellSum operator +(CellSum a, CellSum b) =>
        checked(new(a.Count + b.Count, a.Sell + b.Sell, a.Buy + b.Buy));

    public static CellSum operator -(CellSum a, CellSum b) =>
        checked(new(a.Count - b.Count, a.Sell - b.Sell, a.Buy - b.Buy));

    /// <summary>Every amount is positive, so all three bound each other's trades.</summary>
    public bool IsWithin(CellSum low, CellSum high) =>
        Count >= low.Count && Count <= high.Count
        && Sell >= low.Sell && Sell <= high.Sell
        && Buy >= low.Buy && Buy <= high.Buy;

    public override string ToString() =>
        $"count {Count} sell {Amount.Format(Sell)} buy {Amount.Format(Buy)}";
}
