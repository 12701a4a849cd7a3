using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>What is known of the system at one instant.</summary>
/// <param name="LogFailure">
/// Why the back end did not answer for its shards; null where it did.
/// </param>
/// <param name="Dead">Frames that could not be counted.</param>
internal sealed record HealthFacts(
    DateTime Now,
    StoreSummary Summary,
    IReadOnlyList<ShardHealth> Shards,
    IReadOnlyList<ProcessReport> Processes,
    DeadReport Dead,
    string? LogFailure)
{
    /// <summary>Of the slowest consumer; null where none was used.</summary>
    public double? AckP99Seconds => Slowest?.AckP99Seconds;

    /// <summary>Requests that it is of.</summary>
    public long RequestsAcked => Slowest?.RequestsAcked ?? 0;

    private ProcessReport? Slowest => Processes.MaxBy(process => process.AckP99Seconds);

    public long? Connections => Processes.Sum(process => process.ConnectionsOpen);

    public long RequestsRefused => Processes.Sum(process => process.RequestsRefused ?? 0);

    public long RequestsWaiting => Processes.Sum(process => process.RequestsWaiting ?? 0);
}
