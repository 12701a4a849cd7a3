using System.Diagnostics.Metrics;
using TradeProcessor.Contracts;

namespace TradeProcessor.Worker;

internal sealed class WorkerMetrics
{
    private readonly Counter<long> _aggregated;

    public WorkerMetrics(IMeterFactory meters, ITradeStore store)
    {
        var meter = meters.Create("TradeProcessor");
        _aggregated = meter.CreateCounter<long>(
            "trades_aggregated", description: "Trades counted into cells since the start.");
        _ = meter.CreateObservableGauge(
            "pipeline_lag_seconds",
            () => Summary(store).LagSeconds,
            description: "Age of the oldest logged trade that is not counted.");
    }

    public void Aggregated(long trades) => _aggregated.Add(trades);

    private static StoreSummary Summary(ITradeStore store)
    {
        var summary = store.SummaryAsync(CancellationToken.None);
        return summary.IsCompleted ? summary.Result : summary.AsTask().GetAwaiter().GetResult();
    }
}
