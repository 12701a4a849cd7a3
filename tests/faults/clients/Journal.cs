using System.Collections.Concurrent;
using System.Net;

namespace TradeProcessor.Tests.Faults.Clients;

/// <summary>One answer, or that there was none.</summary>
/// <param name="Status">Null for a cut connection, or none at all.</param>
internal readonly record struct Answered(
    DateTime At, int Trades, HttpStatusCode? Status, TimeSpan Took, bool HasRetryAfter);

/// <summary>What clients have sent and been told.</summary>
internal sealed class Journal
{
    private readonly ConcurrentQueue<Answered> _answers = new();
    private readonly ConcurrentQueue<string> _faults = new();

    public IReadOnlyCollection<Answered> Answers => _answers;

    /// <summary>Answers that must not be, one line for each.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public long AcknowledgedTrades =>
        _answers.Where(answer => answer.Status == HttpStatusCode.Accepted).Sum(x => (long)x.Trades);

    public void Add(Answered answer) => _answers.Enqueue(answer);

    public void AddFault(string line) => _faults.Enqueue(line);

    /// <summary>How many answers there were of each kind, for people.</summary>
    public override string ToString() => string.Join(", ", _answers
        .GroupBy(answer => answer.Status is { } status ? $"{(int)status}" : "none")
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => $"{group.Key}: {group.Count()} (up to {group.Max(x => x.Took.TotalSeconds):0.00} s)"));
}
