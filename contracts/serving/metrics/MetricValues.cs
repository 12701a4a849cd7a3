namespace TradeProcessor.Serving;

/// <summary>What the instruments said at one instant, by name; sums over their labels.</summary>
internal sealed class MetricValues(IReadOnlyDictionary<string, MetricFamily> families)
{
    /// <summary>Null where this process has no such instrument.</summary>
    public long? Whole(string name)
    {
        if (!families.TryGetValue(name, out var family))
            return null;
        return family.Series.Sum(series => series.Whole + (long)series.Fraction);
    }

    /// <summary>Upper bounds, and how many were observed in each bucket so far.</summary>
    public (double[] Bounds, long[] Buckets)? Histogram(string name)
    {
        if (!families.TryGetValue(name, out var family) || family.Bounds is not { } bounds)
            return null;
        var sums = new long[bounds.Length + 1];
        foreach (var series in family.Series)
        {
            for (var i = 0; i < sums.Length; i++)
                sums[i] += series.Buckets[i];
        }
        return (bounds, sums);
    }
}
