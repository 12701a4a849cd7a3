namespace TradeProcessor.Serving;

/// <summary>
/// A quantile over the last readings of a cumulative histogram. Within a bucket values are taken as
/// spread evenly, as Prometheus does, so it is as fine as the buckets are.
/// </summary>
/// <param name="bounds">Upper bounds of the buckets, ascending; one more has no bound.</param>
/// <param name="readings">How many readings back the window begins.</param>
internal sealed class QuantileWindow(double[] bounds, int readings)
{
    private readonly Queue<long[]> _past = new();

    /// <summary>Observations within the window.</summary>
    public long Count { get; private set; }

    /// <summary>Null where nothing was observed within the window.</summary>
    public double? Next(ReadOnlySpan<long> buckets, double quantile)
    {
        var now = buckets.ToArray();
        var before = _past.Count == 0 ? new long[now.Length] : _past.Peek();
        _past.Enqueue(now);
        if (_past.Count > readings)
            _ = _past.Dequeue();
        var counts = now.Select((count, i) => count - before[i]).ToArray();
        Count = counts.Sum();
        return Count > 0 ? Find(counts, quantile * Count) : null;
    }

    private double Find(long[] counts, double rank)
    {
        var seen = 0L;
        for (var i = 0; i < bounds.Length; i++)
        {
            if (counts[i] > 0 && seen + counts[i] >= rank)
            {
                var low = i == 0 ? 0 : bounds[i - 1];
                return low + (bounds[i] - low) * (rank - seen) / counts[i];
            }
            seen += counts[i];
        }
        return bounds[^1];
    }
}
