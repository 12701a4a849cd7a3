using TradeProcessor.Contracts;
using TradeProcessor.Frontend.Live;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine.Reading;

namespace TradeProcessor.Tests.Unit.Live;

public sealed class SoldAmountsTests
{
    private static Ranking Pair(string name, long count)
    {
        Assert.True(CurrencyPair.TryParse(name, out var pair));
        return new Ranking(pair, null, new Aggregate
        {
            Count = count,
            SellUnits = (UInt128)count * 200_000_000, // 2 a trade
        });
    }

    private static AmountBody Amount(string currency, int whole) =>
        new(currency, JsonNumber.FromUnits((UInt128)whole * 100_000_000));

    [Fact]
    public void Of_Pairs_AddsUpWhatIsOfOneCurrency()
    {
        var sold = SoldAmounts.Of(
            [Pair("GBP/USD", 4), Pair("EUR/GBP", 3), Pair("EUR/USD", 2), Pair("other", 9)]);
        Assert.Equal([Amount("EUR", 10), Amount("GBP", 8)], sold.Currencies);
        Assert.Equal(0, sold.Others);
    }

    [Fact]
    public void Of_ManyCurrencies_KeepsThoseOfTheMostTrades()
    {
        var sold = SoldAmounts.Of(
            [Pair("AUD/USD", 1), Pair("CHF/USD", 2), Pair("EUR/USD", 3), Pair("GBP/USD", 4),
                Pair("JPY/USD", 4)]);
        Assert.Equal([Amount("GBP", 8), Amount("JPY", 8), Amount("EUR", 6)], sold.Currencies);
        Assert.Equal(2, sold.Others);
    }

    [Fact]
    public void Of_Nothing_IsNothing() => Assert.Empty(SoldAmounts.Of([]).Currencies);
}
