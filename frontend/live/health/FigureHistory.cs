using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// The figures that the store keeps no history of, so that a page that is opened now has one:
/// every 5 s over 15 minutes.
/// </summary>
internal sealed class FigureHistory
{
    public const int Samples = 180;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly Queue<HistoryBody> _samples = new(Samples);
    private string _epoch = "";
    private DateTime _last;

    public IReadOnlyList<HistoryBody> ToList() => [.. _samples];

    /// <summary>Takes one where it is time for it; begins anew with another store.</summary>
    public void Add(StoreSummary summary, FiguresBody figures, DateTime now)
    {
        if (summary.Epoch != _epoch)
        {
            _samples.Clear();
            _epoch = summary.Epoch;
        }
        else if (now - _last < Every && now >= _last)
        {
            return;
        }
        _last = now;
        if (_samples.Count == Samples)
            _ = _samples.Dequeue();
        _samples.Enqueue(new HistoryBody(
            now,
            summary.Rejected,
            SummaryBody.Of(summary).LagSeconds,
            figures.AckP99Ms,
            figures.Connections));
    }
}
