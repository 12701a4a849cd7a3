namespace TradeProcessor.Consumer.Parsing;

/// <summary>The members of a trade, in the order in which they are usually sent.</summary>
internal enum TradeField : byte
{
    UserId,
    CurrencyFrom,
    CurrencyTo,
    AmountSell,
    AmountBuy,
    Rate,
    TimePlaced,
    OriginatingCountry,

    /// <summary>The trade as a whole; its wire name is empty.</summary>
    Whole,
}

internal static class TradeFields
{
    public const int Count = 8;

    /// <summary>Longest member name, in bytes.</summary>
    public const int MaxNameBytes = 18;

    private static readonly string[] Names =
    [
        "userId", "currencyFrom", "currencyTo", "amountSell", "amountBuy", "rate", "timePlaced",
        "originatingCountry", "",
    ];

    public static string WireName(this TradeField field) => Names[(int)field];

    /// <summary>The field of an unescaped name, or <see cref="TradeField.Whole"/>.</summary>
    public static TradeField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when name.SequenceEqual("rate"u8) => TradeField.Rate,
        6 when name.SequenceEqual("userId"u8) => TradeField.UserId,
        9 when name.SequenceEqual("amountBuy"u8) => TradeField.AmountBuy,
        10 when name.SequenceEqual("currencyTo"u8) => TradeField.CurrencyTo,
        10 when name.SequenceEqual("amountSell"u8) => TradeField.AmountSell,
        10 when name.SequenceEqual("timePlaced"u8) => TradeField.TimePlaced,
        12 when name.SequenceEqual("currencyFrom"u8) => TradeField.CurrencyFrom,
        18 when name.SequenceEqual("originatingCountry"u8) => TradeField.OriginatingCountry,
        _ => TradeField.Whole,
    };
}
