using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace TradeProcessor.Serving;

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>
/// An instrument and its series. Recording allocates nothing where there is no tag, or one whose
/// value was seen before.
/// </summary>
internal sealed class MetricFamily
{
    /// <summary>
    /// Series of an instrument; what comes past them is counted under <c>overflow="true"</c>. 200
    /// hold every error code or status many times over, and are too few to hurt a scraper.
    /// </summary>
    public const int MaxSeries = 200;

    /// <summary>Seconds, from what a hit in memory takes to what nobody waits for.</summary>
    private static readonly double[] DefaultBounds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly bool _isAbsolute;
    private readonly ConcurrentDictionary<Tag, MetricSeries> _byTag = new();
    private readonly ConcurrentDictionary<string, MetricSeries> _byTags = new();
    private readonly MetricSeries _overflow;
    private MetricSeries _plain;
    private bool _hasPlain;
    private int _series;

    public MetricFamily(string name, Instrument instrument)
    {
        Kind = KindOf(instrument);
        Name = name;
        Help = instrument.Description ?? "";
        Bounds = Kind == MetricKind.Histogram ? BoundsOf(instrument) : null;
        IsObserved = instrument.IsObservable;
        _isAbsolute = IsObserved || IsOf(instrument, typeof(Gauge<>));
        // A counter that nothing was added to stands at 0; a gauge that was not set is unknown.
        _hasPlain = !_isAbsolute;
        _plain = new MetricSeries("", Bounds);
        _overflow = new MetricSeries("overflow=\"true\"", Bounds);
    }

    public string Name { get; }
    public string Help { get; }
    public MetricKind Kind { get; }

    /// <summary>Upper bounds of the buckets, ascending; null for what is no histogram.</summary>
    public double[]? Bounds { get; }

    /// <summary>Reports only when it is asked.</summary>
    public bool IsObserved { get; }

    /// <summary>What there is to print.</summary>
    public IEnumerable<MetricSeries> Series
    {
        get
        {
            var tagged = _byTag.Values.Concat(_byTags.Values)
                .OrderBy(series => series.Labels, StringComparer.Ordinal)
                .ToList();
            var isPlainUsed = _plain.Whole != 0 || _plain.Fraction != 0
                || _plain.Buckets.ContainsAnyExcept(0);
            if (_hasPlain && (tagged.Count == 0 || isPlainUsed))
                yield return _plain;
            foreach (var series in tagged)
                yield return series;
            if (Volatile.Read(ref _series) > MaxSeries)
                yield return _overflow;
        }
    }

    /// <summary>Before an observed instrument reports: what it no longer reports is gone.</summary>
    public void Forget()
    {
        _byTag.Clear();
        _byTags.Clear();
        _plain = new MetricSeries("", Bounds);
        _hasPlain = false;
        _series = 0;
    }

    public void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = For(tags);
        if (Kind == MetricKind.Histogram)
            series.Observe(value);
        else if (_isAbsolute)
            series.Set(value);
        else
            series.Add(value);
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = For(tags);
        if (Kind == MetricKind.Histogram)
            series.Observe(value);
        else if (_isAbsolute)
            series.Set(value);
        else
            series.Add(value);
    }

    private MetricSeries For(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0)
        {
            _hasPlain = true;
            return _plain;
        }
        if (tags.Length == 1)
        {
            var tag = new Tag(tags[0].Key, tags[0].Value);
            return _byTag.TryGetValue(tag, out var series) ? series : Add(_byTag, tag, tags);
        }
        var labels = Text(tags);
        return _byTags.TryGetValue(labels, out var known) ? known : Add(_byTags, labels, tags);
    }

    private MetricSeries Add<TKey>(
        ConcurrentDictionary<TKey, MetricSeries> to,
        TKey key,
        ReadOnlySpan<KeyValuePair<string, object?>> tags)
        where TKey : notnull
    {
        if (Interlocked.Increment(ref _series) > MaxSeries)
        {
            Volatile.Write(ref _series, MaxSeries + 1);
            return _overflow;
        }
        return to.GetOrAdd(key, new MetricSeries(Text(tags), Bounds));
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var sorted = tags.ToArray();
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var text = new StringBuilder();
        foreach (var (name, value) in sorted)
        {
            if (text.Length > 0)
                text.Append(',');
            text.Append(PrometheusText.LabelName(name)).Append("=\"")
                .Append(PrometheusText.Escape(
                    Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", quotes: true))
                .Append('"');
        }
        return text.ToString();
    }

    private static MetricKind KindOf(Instrument instrument)
    {
        if (IsOf(instrument, typeof(Counter<>)) || IsOf(instrument, typeof(ObservableCounter<>)))
            return MetricKind.Counter;
        return IsOf(instrument, typeof(Histogram<>)) ? MetricKind.Histogram : MetricKind.Gauge;
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } =>
            [.. bounds.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } =>
            [.. bounds.Select(bound => (double)bound)],
        _ => DefaultBounds,
    };

    private static bool IsOf(Instrument instrument, Type generic) =>
        instrument.GetType() is { IsGenericType: true } type
        && type.GetGenericTypeDefinition() == generic;

    // KeyValuePair itself compares through reflection.
    private readonly record struct Tag(string Name, object? Value);
}
