namespace TradeProcessor.Bench.Page;

/// <summary>How a page drew for a time.</summary>
/// <param name="PerSecond">Frames.</param>
/// <param name="P99Ms">Of the time between two frames.</param>
/// <param name="BlockedMsPerSecond">In tasks of more than 50 ms.</param>
/// <param name="LongestMs">Of those tasks; 0 without any.</param>
internal sealed record Flow(
    double PerSecond, double P99Ms, double BlockedMsPerSecond, double LongestMs)
{
    /// <param name="seen">Times of frames and of tasks, in ms.</param>
    public static Flow Of((IReadOnlyList<double> Frames, IReadOnlyList<double> Tasks) seen)
    {
        var seconds = seen.Frames.Sum() / 1000;
        var sorted = seen.Frames.Order().ToList();
        return new Flow(
            sorted.Count / seconds,
            sorted[(int)(0.99 * sorted.Count)],
            seen.Tasks.Sum() / seconds,
            seen.Tasks.DefaultIfEmpty().Max());
    }
}
