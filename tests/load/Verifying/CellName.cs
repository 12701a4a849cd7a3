namespace TradeProcessor.Load.Verifying;

/// <summary>A cell of the service's answer, such as EUR/GBP from FR.</summary>
internal readonly record struct CellName(string Pair, string Country)
{
    /// <summary>The service has run out of cells and counts several in one.</summary>
    public bool IsOverflow => Pair == "other" || Country == "other";

    public override string ToString() => $"{Pair} {Country}";
}
