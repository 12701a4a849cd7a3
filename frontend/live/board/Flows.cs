using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine.Reading;

namespace TradeProcessor.Frontend.Live;

/// <summary>Who sells what for what: pairs as flows from one currency into another.</summary>
internal static class Flows
{
    /// <summary>Currencies on each side; the rest is one more, <see cref="Other"/>.</summary>
    public const int MostCurrencies = 8;

    public const string Other = "other";

    /// <summary>By number of trades, most first.</summary>
    public static IReadOnlyList<FlowBody> Of(IReadOnlyList<Ranking> pairs)
    {
        var named = pairs.Where(place => place.Pair is { } pair && pair != default).ToList();
        var sold = Largest(named, pair => pair.From);
        var bought = Largest(named, pair => pair.To);
        var soldOthers = Currencies(named, pair => pair.From) - sold.Count;
        var boughtOthers = Currencies(named, pair => pair.To) - bought.Count;
        return [.. pairs
            .GroupBy(place => (
                From: Name(place.Pair, pair => pair.From, sold),
                To: Name(place.Pair, pair => pair.To, bought)))
            .Select(flow => Body(flow.Key.From, flow.Key.To, [.. flow], soldOthers, boughtOthers))
            .OrderByDescending(flow => flow.Count)
            .ThenBy(flow => flow.From, StringComparer.Ordinal)
            .ThenBy(flow => flow.To, StringComparer.Ordinal)];
    }

    private static FlowBody Body(
        string from, string to, List<Ranking> pairs, int soldOthers, int boughtOthers)
    {
        UInt128 sell = 0;
        UInt128 buy = 0;
        foreach (var pair in pairs)
        {
            sell += pair.Value.SellUnits;
            buy += pair.Value.BuyUnits;
        }
        return new FlowBody(
            from,
            to,
            pairs.Sum(pair => pair.Value.Count),
            from == Other ? null : JsonNumber.FromUnits(sell),
            to == Other ? null : JsonNumber.FromUnits(buy),
            from == Other && soldOthers > 0 ? soldOthers : null,
            to == Other && boughtOthers > 0 ? boughtOthers : null);
    }

    private static int Currencies(
        List<Ranking> pairs, Func<CurrencyPair, AssetCode> side) =>
        pairs.Select(place => side(place.Pair!.Value)).Distinct().Count();

    private static HashSet<AssetCode> Largest(
        IEnumerable<Ranking> pairs, Func<CurrencyPair, AssetCode> side) =>
        [.. pairs
            .GroupBy(place => side(place.Pair!.Value))
            .OrderByDescending(currency => currency.Sum(place => place.Value.Count))
            .ThenBy(currency => currency.Key.ToString(), StringComparer.Ordinal)
            .Take(MostCurrencies)
            .Select(currency => currency.Key)];

    private static string Name(
        CurrencyPair? pair, Func<CurrencyPair, AssetCode> side, HashSet<AssetCode> named) =>
        pair is { } known && known != default && named.Contains(side(known))
            ? side(known).ToString()
            : Other;
}
