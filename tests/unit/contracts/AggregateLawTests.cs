using System.Numerics;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Contracts;

/// <summary>The laws of the monoid, on made-up trades with many equal instants and rates.</summary>
public sealed class AggregateLawTests
{
    private const int Cases = 20_000;
    private const int Seed = 20_260_101;

    private static Aggregate Any(Random random)
    {
        var aggregate = default(Aggregate);
        for (var left = random.Next(4); left > 0; left--)
            aggregate.Merge(AnyTrade(random));
        return aggregate;
    }

    private static Aggregate AnyTrade(Random random) => Aggregate.Of(
        new ExactDecimal((ulong)random.NextInt64(1, 1_000_000_000_000_000_000), (byte)random.Next(9)),
        new ExactDecimal((ulong)random.NextInt64(1, 1_000_000_000_000_000_000), (byte)random.Next(9)),
        new ExactDecimal((ulong)random.Next(1, 4), (byte)random.Next(19)),
        random.Next(3));

    private static Aggregate Sum(params ReadOnlySpan<Aggregate> parts)
    {
        var sum = default(Aggregate);
        foreach (ref readonly var part in parts)
            sum.Merge(part);
        return sum;
    }

    [Fact]
    public void Merge_AnyThree_IsAssociativeAndCommutativeWithAnIdentity()
    {
        var random = new Random(Seed);
        for (var i = 0; i < Cases; i++)
        {
            Aggregate a = Any(random), b = Any(random), c = Any(random);
            Assert.Equal(Sum(Sum(a, b), c), Sum(a, Sum(b, c)));
            Assert.Equal(Sum(a, b), Sum(b, a));
            Assert.Equal(a, Sum(a, default));
            Assert.Equal(a, Sum(default, a));
        }
    }

    [Fact]
    public void Add_AnyTrade_EqualsMergingIt()
    {
        var random = new Random(Seed);
        for (var i = 0; i < Cases; i++)
        {
            var added = Any(random);
            var merged = added;
            var sell = new ExactDecimal((ulong)random.NextInt64(1, 1_000_000), (byte)random.Next(9));
            var buy = new ExactDecimal((ulong)random.NextInt64(1, 1_000_000), (byte)random.Next(9));
            var rate = new ExactDecimal((ulong)random.Next(1, 4), (byte)random.Next(19));
            long at = random.Next(3);
            added.Add(sell, buy, rate, at);
            merged.Merge(Aggregate.Of(sell, buy, rate, at));
            Assert.Equal(merged, added);
        }
    }

    [Fact]
    public void Merge_ManyOfTheLargest_EqualsABigIntegerModel()
    {
        var random = new Random(Seed);
        var sum = default(Aggregate);
        BigInteger sell = 0, buy = 0;
        for (var i = 0; i < Cases; i++)
        {
            var trade = AnyTrade(random);
            sum.Merge(trade);
            sell += trade.SellUnits;
            buy += trade.BuyUnits;
        }
        Assert.Equal(sell, (BigInteger)sum.SellUnits);
        Assert.Equal(buy, (BigInteger)sum.BuyUnits);
        Assert.True(sell > (BigInteger)ulong.MaxValue * 100, "the sums must need 128 bits");
    }

    [Fact]
    public void Codec_AnyAggregate_RoundTrips()
    {
        var random = new Random(Seed);
        var buffer = new byte[AggregateCodec.MaxBytes];
        for (var i = 0; i < Cases; i++)
        {
            var aggregate = Any(random);
            long baseTicks = random.Next(-5, 5);
            var length = AggregateCodec.Write(buffer, aggregate, baseTicks);
            ReadOnlySpan<byte> source = buffer.AsSpan(0, length);
            Assert.Equal(aggregate, AggregateCodec.Read(ref source, baseTicks));
            Assert.True(source.IsEmpty);
        }
    }
}
