using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine.Reading;

namespace TradeProcessor.Frontend.Live;

/// <summary>What was sold, by currency: amounts of different ones do not add up.</summary>
internal static class SoldAmounts
{
    private const int MostCurrencies = 3;

    /// <summary>By number of trades, most first.</summary>
    public static SoldBody Of(IReadOnlyList<Ranking> pairs)
    {
        var currencies = pairs
            .Where(place => place.Pair is { } pair && pair != default)
            .GroupBy(place => place.Pair!.Value.From)
            .Select(sold => (Code: sold.Key.ToString(), Count: sold.Sum(place => place.Value.Count),
                Units: Sum(sold)))
            .OrderByDescending(sold => sold.Count)
            .ThenBy(sold => sold.Code, StringComparer.Ordinal)
            .ToList();
        return new SoldBody(
            [.. currencies.Take(MostCurrencies).Select(
                sold => new AmountBody(sold.Code, JsonNumber.FromUnits(sold.Units)))],
            Math.Max(0, currencies.Count - MostCurrencies));
    }

    private static UInt128 Sum(IEnumerable<Ranking> pairs)
    {
        UInt128 units = 0;
        foreach (var pair in pairs)
            units += pair.Value.SellUnits;
        return units;
    }
}
