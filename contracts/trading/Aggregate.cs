namespace TradeProcessor.Contracts;

/// <summary>A rate and the instant it was traded at (UTC ticks plus the place in its frame).</summary>
public readonly record struct RateAt(long AtTicks, ExactDecimal Rate) : IComparable<RateAt>
{
    /// <summary>By time; by rate where two instants are equal, so that the order is total.</summary>
    public int CompareTo(RateAt other)
    {
        var byTime = AtTicks.CompareTo(other.AtTicks);
        return byTime != 0 ? byTime : Rate.CompareTo(other.Rate);
    }
}

/// <summary>
/// What is known of the trades of a cell. A commutative monoid: <see cref="Merge"/> is associative
/// and commutative and the default value is its identity, so cells from shards, workers and finer
/// intervals combine in any order to the same value. Sums count units of 1e-8 in 128 bits: room
/// for 3e18 trades of the largest amount.
/// </summary>
public struct Aggregate : IEquatable<Aggregate>
{
    public long Count;
    public UInt128 SellUnits;
    public UInt128 BuyUnits;
    public RateAt Open;
    public RateAt Close;
    public ExactDecimal High;
    public ExactDecimal Low;

    /// <summary>The aggregate of a single trade.</summary>
    public static Aggregate Of(
        ExactDecimal amountSell, ExactDecimal amountBuy, ExactDecimal rate, long atTicks)
    {
        var at = new RateAt(atTicks, rate);
        return new Aggregate
        {
            Count = 1,
            SellUnits = amountSell.ToUnits(),
            BuyUnits = amountBuy.ToUnits(),
            Open = at,
            Close = at,
            High = rate,
            Low = rate,
        };
    }

    /// <summary>
    /// Adds one trade. The same as merging <see cref="Of"/>, without building it: half the time.
    /// Numbers that differ in their instant, or have one scale, are compared by that alone.
    /// </summary>
    public void Add(
        ExactDecimal amountSell, ExactDecimal amountBuy, ExactDecimal rate, long atTicks)
    {
        SellUnits += amountSell.ToUnits();
        BuyUnits += amountBuy.ToUnits();
        if (Count++ == 0)
        {
            Open = Close = new RateAt(atTicks, rate);
            High = Low = rate;
            return;
        }
        if (atTicks > Close.AtTicks || new RateAt(atTicks, rate).CompareTo(Close) > 0)
            Close = new RateAt(atTicks, rate);
        if (atTicks <= Open.AtTicks && new RateAt(atTicks, rate).CompareTo(Open) < 0)
            Open = new RateAt(atTicks, rate);
        if (IsAbove(rate, High))
            High = rate;
        if (IsAbove(Low, rate))
            Low = rate;
    }

    private static bool IsAbove(ExactDecimal left, ExactDecimal right) =>
        left.Scale == right.Scale ? left.Mantissa > right.Mantissa : left.CompareTo(right) > 0;

    /// <summary>Adds another aggregate to this one.</summary>
    public void Merge(in Aggregate other)
    {
        if (other.Count == 0)
            return;
        if (Count == 0)
        {
            this = other;
            return;
        }
        Count += other.Count;
        SellUnits += other.SellUnits;
        BuyUnits += other.BuyUnits;
        if (other.Open.CompareTo(Open) < 0)
            Open = other.Open;
        if (other.Close.CompareTo(Close) > 0)
            Close = other.Close;
        if (other.High.CompareTo(High) > 0)
            High = other.High;
        if (other.Low.CompareTo(Low) < 0)
            Low = other.Low;
    }

    public readonly bool Equals(Aggregate other) =>
        Count == other.Count
        && SellUnits == other.SellUnits
        && BuyUnits == other.BuyUnits
        && Open == other.Open
        && Close == other.Close
        && High == other.High
        && Low == other.Low;

    public override readonly bool Equals(object? obj) => obj is Aggregate other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(Count, SellUnits, BuyUnits);

    public static bool operator ==(Aggregate left, Aggregate right) => left.Equals(right);

    public static bool operator !=(Aggregate left, Aggregate right) => !left.Equals(right);
}
