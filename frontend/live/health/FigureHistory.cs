using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// The figures that the store keeps no history of, so that a page that is opened now has one:
/// the most of every 5 s over 15 minutes.
/// </summary>
internal sealed class FigureHistory
{
    public const int Samples = 180;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly Queue<HistoryBody> _samples = new(Samples);
    private string _epoch = "";
    private HistoryBody? _newest; // of the 5 s that run

    public IReadOnlyList<HistoryBody> ToList() =>
        _newest is null ? [] : [.. _samples, _newest];

    /// <summary>Begins anew with another store.</summary>
    public void Add(StoreSummary summary, FiguresBody figures, DateTime now)
    {
        if (summary.Epoch != _epoch)
        {
            _samples.Clear();
            _newest = null;
            _epoch = summary.Epoch;
        }
        var lag = SummaryBody.Of(summary).LagSeconds;
        if (_newest is { } newest && now - newest.At < Every && now >= newest.At)
        {
            _newest = newest with
            {
                LagSeconds = Math.Max(newest.LagSeconds, lag),
                AckP99Ms = Larger(newest.AckP99Ms, figures.AckP99Ms),
                Connections = Larger(newest.Connections, figures.Connections),
            };
            return;
        }
        if (_newest is not null)
        {
            if (_samples.Count == Samples - 1)
                _ = _samples.Dequeue();
            _samples.Enqueue(_newest);
        }
        _newest = new HistoryBody(
            now, summary.Rejected, lag, figures.AckP99Ms, figures.Connections);
    }

    private static T? Larger<T>(T? one, T? other)
        where T : struct, IComparable<T> => one is { } a && other is { } b
        ? a.CompareTo(b) >= 0 ? a : b
        : one ?? other;
}
