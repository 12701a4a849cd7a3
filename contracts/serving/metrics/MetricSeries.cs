namespace TradeProcessor.Serving;

/// <summary>
/// The numbers of one set of labels: a sum or last value, or the buckets of a histogram. Any
/// thread may record; a reader sees each number as it is at that moment.
/// </summary>
internal sealed class MetricSeries(string labels, double[]? bounds)
{
    private readonly long[]? _buckets = bounds is null ? null : new long[bounds.Length + 1];

    // Whole numbers have a field of their own, so that counting needs no compare-and-swap loop.
    private long _whole;
    private double _fraction;

    /// <summary>As they are printed, without braces; empty for none.</summary>
    public string Labels => labels;

    public long Whole => Volatile.Read(ref _whole);

    /// <summary>What was added as a floating-point number; of a histogram, the sum.</summary>
    public double Fraction => Volatile.Read(ref _fraction);

    public ReadOnlySpan<long> Buckets => _buckets;

    public void Add(long value) => Interlocked.Add(ref _whole, value);

    public void Add(double value)
    {
        var seen = Volatile.Read(ref _fraction);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _fraction, seen + value, seen);
            if (before.Equals(seen))
                return;
            seen = before;
        }
    }

    public void Set(long value)
    {
        Volatile.Write(ref _fraction, 0);
        Volatile.Write(ref _whole, value);
    }

    public void Set(double value)
    {
        Volatile.Write(ref _whole, 0);
        Volatile.Write(ref _fraction, value);
    }

    public void Observe(double value)
    {
        if (double.IsNaN(value))
            return;
        var bucket = 0;
        while (bucket < bounds!.Length && value > bounds[bucket])
            bucket++;
        Interlocked.Increment(ref _buckets![bucket]);
        Add(value);
    }
}
