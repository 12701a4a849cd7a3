namespace TradeProcessor.Contracts;

/// <summary>A trade as it is read back. Times are UTC.</summary>
/// <param name="UserId">1–64 visible characters.</param>
/// <param name="AmountSell">In <paramref name="CurrencyFrom"/>; at most 8 decimals.</param>
/// <param name="AmountBuy">In <paramref name="CurrencyTo"/>; at most 8 decimals.</param>
/// <param name="Rate">At most 18 decimals, as sent; not derived from the amounts.</param>
/// <param name="TimePlaced">When the client says that it was placed.</param>
/// <param name="ReceivedAt">When the consumer sealed it into a frame; aggregation goes by it.</param>
public sealed record Trade(
    string UserId,
    AssetCode CurrencyFrom,
    AssetCode CurrencyTo,
    ExactDecimal AmountSell,
    ExactDecimal AmountBuy,
    ExactDecimal Rate,
    DateTime TimePlaced,
    CountryCode OriginatingCountry,
    DateTime ReceivedAt);
