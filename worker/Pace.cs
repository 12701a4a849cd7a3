namespace TradeProcessor.Worker;

/// <summary>
/// How long a worker that has counted all rests. A commit costs by the cells that changed, not by
/// the trades: where it takes long, more trades are to share it.
/// </summary>
internal static class Pace
{
    // A commit takes about a twentieth of the time. By the merge benchmark, one of 8,000 changed
    // cells (2,000 in each resolution) takes 0.4 ms with warm caches.
    private const int RestFactor = 20;

    // What was counted late is seen late: half a commit interval is little beside a page's tick.
    private const int LongestPart = 2;

    public static TimeSpan RestAfter(TimeSpan commitTime, WorkerOptions options)
    {
        var longest = options.CommitEvery / LongestPart;
        var rest = commitTime * RestFactor;
        if (rest > longest)
            rest = longest;
        return rest > options.Rest ? rest : options.Rest;
    }
}
