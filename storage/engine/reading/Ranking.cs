using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Reading;

/// <summary>A pair or a country, and all that was traded of it in a window.</summary>
public readonly record struct Ranking(CurrencyPair? Pair, CountryCode? Country, Aggregate Value);
