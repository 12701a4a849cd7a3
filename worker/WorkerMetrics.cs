using System.Diagnostics.Metrics;
using TradeProcessor.Contracts;

namespace TradeProcessor.Worker;

internal sealed class WorkerMetrics
{
    private readonly Counter<long> _aggregated;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _dead;
    private int _shardsOwned;

    public WorkerMetrics(IMeterFactory meters, ITradeStore store)
    {
        var meter = meters.Create("TradeProcessor");
        _aggregated = meter.CreateCounter<long>(
            "trades_aggregated", description: "Trades counted into cells since the start.");
        _repeated = meter.CreateCounter<long>(
            "frames_repeated", description: "Frames dropped because they were counted already.");
        _dead = meter.CreateCounter<long>(
            "frames_dead", description: "Frames kept aside because they could not be counted.");
        _ = meter.CreateObservableGauge(
            "shards_owned",
            () => Volatile.Read(ref _shardsOwned),
            description: "Shards that this worker counts now.");
        _ = meter.CreateObservableGauge(
            "pipeline_lag_seconds",
            () => Lag(store),
            description: "Age of the oldest logged trade that is not counted.");
    }

    public void Aggregated(long trades) => _aggregated.Add(trades);

    public void Repeated(long frames) => _repeated.Add(frames);

    public void Dead() => _dead.Add(1);

    public void Owns(int change) => Interlocked.Add(ref _shardsOwned, change);

    // No value where the store does not answer: the other metrics are wanted then more than ever.
    private static IEnumerable<Measurement<double>> Lag(ITradeStore store)
    {
        try
        {
            var asked = store.SummaryAsync(CancellationToken.None);
            var summary = asked.IsCompletedSuccessfully
                ? asked.Result
                : asked.AsTask().GetAwaiter().GetResult();
            return [new Measurement<double>(summary.LagSeconds)];
        }
        catch (LogUnavailableException)
        {
            return [];
        }
    }
}
