using TradeProcessor.Contracts;
using TradeProcessor.Frontend.Live;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine.Reading;

namespace TradeProcessor.Tests.Unit.Live;

public sealed class FlowsTests
{
    private static Ranking Pair(string name, long count)
    {
        Assert.True(CurrencyPair.TryParse(name, out var pair));
        return new Ranking(pair, null, new Aggregate
        {
            Count = count,
            SellUnits = (UInt128)count * 200_000_000, // 2 a trade
            BuyUnits = (UInt128)count * 300_000_000,
        });
    }

    private static JsonNumber Amount(int whole) =>
        JsonNumber.FromUnits((UInt128)whole * 100_000_000);

    [Fact]
    public void Of_FewPairs_AreAllNamed()
    {
        var flows = Flows.Of([Pair("EUR/GBP", 5), Pair("GBP/EUR", 3), Pair("other", 2)]);
        Assert.Equal(
            [
                new("EUR", "GBP", 5, Amount(10), Amount(15)),
                new("GBP", "EUR", 3, Amount(6), Amount(9)),
                new("other", "other", 2),
            ],
            flows);
    }

    [Fact]
    public void Of_ManyCurrencies_KeepsTheLargestAndEveryTrade()
    {
        string[] sold = ["AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HUF"];
        var pairs = sold.Select((code, i) => Pair($"{code}/USD", 10 + i)).ToList();
        var flows = Flows.Of(pairs);
        Assert.Equal(pairs.Sum(pair => pair.Value.Count), flows.Sum(flow => flow.Count));
        Assert.Equal(Flows.MostCurrencies + 1, flows.Select(flow => flow.From).Distinct().Count());
        // AUD and BRL: two currencies, whose sum would be of neither.
        Assert.Equal(
            new FlowBody("other", "USD", 10 + 11, AmountBuy: Amount(63), FromOthers: 2), flows[0]);
    }
}
