using System.Numerics;
using System.Text;
using System.Text.Json;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Tests.Unit.Api;
using TradeProcessor.Tests.Unit.Parsing;

namespace TradeProcessor.Tests.Unit.Serving;

public sealed class JsonNumberTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("-1.5")]
    [InlineData("747.1")]
    [InlineData("0.00000001")]
    [InlineData("340282366920938463463374607431768211455")]
    [InlineData("3402823669209384634633746074317.68211455")]
    [InlineData("0.000000000000000000000000000000000001")]
    public void Text_ReadAndWritten_StaysTheSame(string text)
    {
        Assert.True(JsonNumber.TryParse(Encoding.ASCII.GetBytes(text), out var number));
        Assert.Equal(text, number.ToString());
    }

    [Theory]
    [InlineData("1.50", "1.5")]
    [InlineData("100", "100")]
    [InlineData("-0", "0")]
    [InlineData("-0.00", "0")]
    public void Text_NotShortest_IsEqualToTheShortest(string text, string shortest)
    {
        Assert.True(JsonNumber.TryParse(Encoding.ASCII.GetBytes(text), out var number));
        Assert.True(JsonNumber.TryParse(Encoding.ASCII.GetBytes(shortest), out var same));
        Assert.Equal(shortest, number.ToString());
        Assert.Equal(same, number);
        Assert.Equal(same.GetHashCode(), number.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1e3")]
    [InlineData("+1")]
    [InlineData("--1")]
    [InlineData("1 ")]
    [InlineData("1.2.3")]
    [InlineData("1.-2")]
    [InlineData("340282366920938463463374607431768211456")]
    public void Text_OfNoPlainNumber_IsRefused(string text) =>
        Assert.False(JsonNumber.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Text_OfNegativeScale_HasZeros() =>
        Assert.Equal("-12000", new JsonNumber(12, -3, isNegative: true).ToString());

    [Fact]
    public void Body_WrittenAndRead_IsEqual()
    {
        var body = RankingBody.Of(
            new CurrencyPair(AssetCode.Parse("EUR"), AssetCode.Parse("USDT")),
            null,
            Aggregate.Of(
                FakeStore.Number("0.00000001"), FakeStore.Number("9999999999.99999999"),
                FakeStore.Number("0.000000000000000001"), 1));
        var text = JsonSerializer.Serialize(body, ServingJson.Default.RankingBody);
        Assert.Equal(
            """{"pair":"EUR/USDT","count":1,"amountSell":0.00000001,"amountBuy":9999999999.99999999,"vwap":1000000000000000000,"change":0}""",
            text);
        Assert.Equal(body, JsonSerializer.Deserialize(text, ServingJson.Default.RankingBody));
    }

    [Theory]
    [InlineData("3", "1", "0.333333333333")]
    [InlineData("3", "2", "0.666666666667")]
    [InlineData("1", "123456789012", "123456789012")]
    [InlineData("1", "123456789012.5", "123456789012")]
    [InlineData("1", "123456789013.5", "123456789014")]
    [InlineData("2", "246913578025", "123456789012")]
    [InlineData("2", "246913578027", "123456789014")]
    [InlineData("1", "999999999999.5", "1000000000000")]
    [InlineData("1000000000000", "0.00000001", "0.00000000000000000001")]
    [InlineData("0.00000003", "1000000000000", "33333333333300000000")]
    [InlineData("8", "8", "1")]
    public void Vwap_OfOneTrade_IsRoundedHalfEvenTo12Digits(
        string sell, string buy, string expected)
    {
        var aggregate = Aggregate.Of(
            FakeStore.Number(sell), FakeStore.Number(buy), FakeStore.Number("1"), 1);
        Assert.Equal(expected, Quotients.Vwap(aggregate).ToString());
    }

    [Fact]
    public void Vwap_RandomSums_AgreesWithTheDefinition()
    {
        var random = new Random(FuzzSettings.Seed);
        for (var i = 0; i < 20_000; i++)
        {
            var aggregate = new Aggregate
            {
                Count = 1,
                SellUnits = Units(random),
                BuyUnits = Units(random),
            };
            var vwap = Quotients.Vwap(aggregate)!.Value;
            Assert.True(
                IsNearest(vwap, aggregate.BuyUnits, aggregate.SellUnits),
                $"seed {FuzzSettings.Seed}: {aggregate.BuyUnits} / {aggregate.SellUnits} = {vwap}");
        }
    }

    [Fact]
    public void Vwap_OfNothing_IsNone() => Assert.Null(Quotients.Vwap(default));

    [Theory]
    [InlineData("0.7471", "0.74", "-0.009503")]
    [InlineData("1", "1", "0")]
    [InlineData("3", "4", "0.333333")]
    [InlineData("3", "2", "-0.333333")]
    [InlineData("2000000", "2000001", "0")]
    [InlineData("2000000", "2000003", "0.000002")]
    [InlineData("0.000000000000000001", "1000000000000", "999999999999999999999999999999")]
    [InlineData("1000000000000", "0.000000000000000001", "-1")]
    public void Change_FromOpenToClose_IsRoundedHalfEvenTo6Decimals(
        string open, string close, string expected)
    {
        var aggregate = new Aggregate
        {
            Count = 2,
            Open = new RateAt(1, FakeStore.Number(open)),
            Close = new RateAt(2, FakeStore.Number(close)),
        };
        Assert.Equal(expected, Quotients.Change(aggregate).ToString());
    }

    private static UInt128 Units(Random random)
    {
        var bits = random.Next(1, 128);
        var high = (ulong)random.NextInt64() << 1 ^ (ulong)random.NextInt64();
        return (new UInt128(high, (ulong)random.NextInt64()) | UInt128.One << 127) >> (128 - bits);
    }

    // |q·10^scale − value| ≤ 1/2 with 12 digits, the even one where it is 1/2; in whole numbers.
    private static bool IsNearest(JsonNumber vwap, BigInteger numerator, BigInteger denominator)
    {
        var digits = ((BigInteger)vwap.Mantissa).ToString().Length;
        if (digits is < 12 or > 13)
            return false;
        var over = numerator * BigInteger.Pow(10, Math.Max(vwap.Scale, 0));
        var under = denominator * BigInteger.Pow(10, Math.Max(-vwap.Scale, 0));
        var twiceError = BigInteger.Abs((vwap.Mantissa * under - over) * 2);
        return twiceError < under || (twiceError == under && UInt128.IsEvenInteger(vwap.Mantissa));
    }
}
