namespace TradeProcessor.Load.Generation;

/// <summary>One trade as numbers; amounts in hundredths, so that they are exact.</summary>
internal readonly record struct Trade(
    int UserId,
    int Pair,
    int Country,
    long SellCents,
    long BuyCents,
    int Rate,
    int Day,
    int Second,
    bool Iso)
{
    /// <summary>Index of the (pair, country) that the trade counts for.</summary>
    public int Cell => CellOf(Pair, Country);

    public static int Cells => CurrencyPair.All.Length * Generation.Country.All.Length;

    public static int CellOf(int pair, int country) =>
        pair * Generation.Country.All.Length + country;

    public static (string Pair, string Country) NameOf(int cell)
    {
        var (pair, country) = Math.DivRem(cell, Generation.Country.All.Length);
        return (CurrencyPair.All[pair].Name, Generation.Country.All[country]);
    }
}
