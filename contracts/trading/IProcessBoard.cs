namespace TradeProcessor.Contracts;

/// <summary>
/// What a process says of itself about once a second. Null where it has no such part.
/// </summary>
/// <param name="Id">Machine and process number, <c>desk-1/4711</c>.</param>
/// <param name="Program">What it runs: host, consumer, worker, storage api, frontend.</param>
/// <param name="At">When it said so, by its own clock.</param>
/// <param name="CpuShare">Of one processor over the last second: 1 is one processor.</param>
/// <param name="ConnectionsOpen">Connections of clients that post trades.</param>
/// <param name="RequestsWaiting">Requests whose trades wait for the log.</param>
/// <param name="AckP99Seconds">
/// Of the last 10 s, out of a histogram's buckets; null without a request.
/// </param>
/// <param name="ShardsOwned">Shards that it counts.</param>
/// <param name="Viewers">Live connections of browsers.</param>
/// <param name="RequestsRefused">Requests that were answered 503 in the last 10 s.</param>
/// <param name="RequestsAcked">Requests that <paramref name="AckP99Seconds"/> is of.</param>
public sealed record ProcessReport(
    string Id,
    string Program,
    string Version,
    DateTime StartedAt,
    DateTime At,
    long ResidentBytes,
    double CpuShare,
    long? ConnectionsOpen = null,
    long? RequestsWaiting = null,
    double? AckP99Seconds = null,
    long? ShardsOwned = null,
    long? Viewers = null,
    long? RequestsRefused = null,
    long? RequestsAcked = null);

/// <summary>Where processes say how they are, and a page reads it.</summary>
public interface IProcessBoard
{
    ValueTask ReportAsync(ProcessReport report, CancellationToken cancellation);

    /// <summary>All that were heard of in the last minute, by id.</summary>
    ValueTask<IReadOnlyList<ProcessReport>> ListAsync(CancellationToken cancellation);
}
