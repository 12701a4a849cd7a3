namespace TradeProcessor.Load.Generation;

/// <summary>
/// How a pair's rate wanders: the sum of lines between random points, the longer the course of a
/// line the stronger, as rates do at every scale. A pure function of (seed, pair, trade).
/// </summary>
internal readonly struct RateCourse(ulong seed)
{
    private const int LongestBits = 22; // four million trades from point to point
    private const int ShortestBits = 12;
    private const int StrongestMillionths = 6000;

    /// <summary>From the middle rate at trade i, in millionths of it: within ± 12,000.</summary>
    public long At(int pair, long index)
    {
        var strength = StrongestMillionths;
        var sum = 0L;
        for (var bits = LongestBits; bits >= ShortestBits; bits -= 2)
        {
            var point = index >> bits;
            var from = Point(pair, bits, point, strength);
            var to = Point(pair, bits, point + 1, strength);
            sum += from + ((to - from) * (index - (point << bits)) >> bits);
            strength /= 2;
        }
        return sum;
    }

    private long Point(int pair, int bits, long point, int strength)
    {
        var random = new SplitMix(seed ^ (ulong)(pair << 8 | bits), point);
        return (long)random.Below(2 * (ulong)strength + 1) - strength;
    }
}
