using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace TradeProcessor.Load.Reporting;

/// <summary>
/// Log-linear counts as in HdrHistogram: each power of two of nanoseconds is cut in 128, so a
/// value is known to better than 0.8 percent from 1 ns to days, in 58 KiB. Not thread-safe.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int SubBuckets = 1 << SubBits;

    // Up to 2^56 ns, two years.
    private readonly long[] _counts = new long[(57 - SubBits) * SubBuckets + SubBuckets];

    public long Count { get; private set; }

    public long MaxNanoseconds { get; private set; }

    public void RecordTicks(long stopwatchTicks) =>
        Record((long)(Math.Max(0, stopwatchTicks) * (1e9 / Stopwatch.Frequency)));

    public void Record(long nanoseconds)
    {
        _counts[Math.Min(IndexOf(nanoseconds), _counts.Length - 1)]++;
        Count++;
        MaxNanoseconds = Math.Max(MaxNanoseconds, nanoseconds);
    }

    public void Clear()
    {
        Array.Clear(_counts);
        (Count, MaxNanoseconds) = (0, 0);
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
        MaxNanoseconds = Math.Max(MaxNanoseconds, other.MaxNanoseconds);
    }

    /// <returns>Nanoseconds that this share of the values does not exceed.</returns>
    public long Quantile(double quantile)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        for (var i = 0; i < _counts.Length; i++)
        {
            rank -= _counts[i];
            if (rank <= 0)
                return Math.Min(HighestOf(i), MaxNanoseconds);
        }

        return MaxNanoseconds;
    }

    /// <summary>All of it, for another process: <c>max index:count …</c>.</summary>
    public string ToLine()
    {
        var line = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{MaxNanoseconds}");
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0)
                line.Append(CultureInfo.InvariantCulture, $" {i}:{_counts[i]}");
        }
        return line.ToString();
    }

    /// <exception cref="FormatException">Not what <see cref="ToLine"/> writes.</exception>
    public void AddLine(string line)
    {
        var words = line.Split(' ');
        MaxNanoseconds = Math.Max(
            MaxNanoseconds, long.Parse(words[0], CultureInfo.InvariantCulture));
        foreach (var word in words.Skip(1))
        {
            var parts = word.Split(':');
            var count = long.Parse(parts[1], CultureInfo.InvariantCulture);
            _counts[int.Parse(parts[0], CultureInfo.InvariantCulture)] += count;
            Count += count;
        }
    }

    private static int IndexOf(long value)
    {
        if (value < SubBuckets)
            return (int)value;
        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return ((shift + 1) << SubBits) + (int)((value >> shift) - SubBuckets);
    }

    private static long HighestOf(int index)
    {
        if (index < SubBuckets)
            return index;
        var shift = (index >> SubBits) - 1;
        var low = (long)((index & (SubBuckets - 1)) + SubBuckets) << shift;
        return low + (1L << shift) - 1;
    }
}
