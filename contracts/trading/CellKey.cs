using System.Runtime.CompilerServices;

namespace TradeProcessor.Contracts;

/// <summary>What a cell of an interval counts. The default value is the overflow cell.</summary>
public readonly record struct CellKey(CurrencyPair Pair, CountryCode Country)
    : IComparable<CellKey>
{
    /// <summary>The one cell for all keys past an interval's limit.</summary>
    public static CellKey Other => default;

    public int CompareTo(CellKey other)
    {
        var byPair = Pair.CompareTo(other.Pair);
        return byPair != 0 ? byPair : Country.CompareTo(other.Country);
    }

    // The generated one goes through three EqualityComparers: 4 times slower in the worker's loop.
    public override int GetHashCode()
    {
        var pair = (ulong)Pair.From.Packed << 32 | Pair.To.Packed;
        var hash = (pair ^ (ulong)Country.Packed << 20) * 0x9E3779B97F4A7C15;
        return (int)(hash >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(CellKey other) =>
        Pair.From.Packed == other.Pair.From.Packed
        && Pair.To.Packed == other.Pair.To.Packed
        && Country.Packed == other.Country.Packed;
}

/// <summary>Interval of a resolution, by its start (UTC ticks).</summary>
public readonly record struct IntervalKey(Resolution Resolution, long StartTicks);
