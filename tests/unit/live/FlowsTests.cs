using TradeProcessor.Contracts;
using TradeProcessor.Frontend.Live;
using TradeProcessor.Storage.Engine.Reading;

namespace TradeProcessor.Tests.Unit.Live;

public sealed class FlowsTests
{
    private static Ranking Pair(string name, long count)
    {
        Assert.True(CurrencyPair.TryParse(name, out var pair));
        return new Ranking(pair, null, new Aggregate { Count = count });
    }

    [Fact]
    public void Of_FewPairs_AreAllNamed()
    {
        var flows = Flows.Of([Pair("EUR/GBP", 5), Pair("GBP/EUR", 3), Pair("other", 2)]);
        Assert.Equal(
            [new("EUR", "GBP", 5), new("GBP", "EUR", 3), new("other", "other", 2)], flows);
    }

    [Fact]
    public void Of_ManyCurrencies_KeepsTheLargestAndEveryTrade()
    {
        string[] sold = ["AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HUF"];
        var pairs = sold.Select((code, i) => Pair($"{code}/USD", 10 + i)).ToList();
        var flows = Flows.Of(pairs);
        Assert.Equal(pairs.Sum(pair => pair.Value.Count), flows.Sum(flow => flow.Count));
        Assert.Equal(Flows.MostCurrencies + 1, flows.Select(flow => flow.From).Distinct().Count());
        Assert.Equal(new FlowBody("other", "USD", 10 + 11), flows[0]); // AUD and BRL
    }
}
