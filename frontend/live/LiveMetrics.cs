using System.Diagnostics.Metrics;
using TradeProcessor.Serving;

namespace TradeProcessor.Frontend.Live;

/// <summary>What the hub counts, for <c>/metrics</c>.</summary>
internal sealed class LiveMetrics
{
    private readonly Counter<long> _cutOff;
    private readonly Counter<long> _dropped;

    public LiveMetrics(IMeterFactory meters, LiveConnections connections)
    {
        var meter = meters.Create(MetricsListener.MeterName);
        _ = meter.CreateObservableGauge(
            "live_viewers", () => connections.Count, description: "Live connections of browsers.");
        _cutOff = meter.CreateCounter<long>(
            "live_viewers_cut_off",
            description: "Live connections ended because they took nothing for too long.");
        _dropped = meter.CreateCounter<long>(
            "live_updates_dropped",
            description: "Updates left out for browsers that read too slowly.");
    }

    public void CutOff() => _cutOff.Add(1);

    public void Dropped(long updates) => _dropped.Add(updates);
}
