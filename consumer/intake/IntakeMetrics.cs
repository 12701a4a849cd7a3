using System.Diagnostics;
using System.Diagnostics.Metrics;
using TradeProcessor.Consumer.Transport;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Intake;

/// <summary>What the consumer counts, for <c>/metrics</c>.</summary>
internal sealed class IntakeMetrics
{
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _lane;
    private readonly Counter<long> _left;
    private readonly Histogram<double> _ack;

    public IntakeMetrics(
        IMeterFactory meters, TradeIntake intake, OnceIntake once, OpenConnections connections)
    {
        var meter = meters.Create("TradeProcessor");
        _accepted = meter.CreateCounter<long>(
            "trades_accepted", description: "Trades that are in the log.");
        _repeated = meter.CreateCounter<long>(
            "trades_repeated",
            description: "Trades that were in the log already, by their idempotency key.");
        _rejected = meter.CreateCounter<long>(
            "trades_rejected", description: "Trades refused as invalid, by error code.");
        _refused = meter.CreateCounter<long>(
            "requests_refused", description: "Requests answered 503: full, or the log down.");
        _lane = meter.CreateCounter<long>(
            "lane_requests", description: "Requests that the lane answered, past Kestrel's HTTP.");
        _left = meter.CreateCounter<long>(
            "lane_connections_left",
            description: "Connections that the lane left to Kestrel's HTTP, at the first request "
            + "that is not of the common form.");
        _ack = meter.CreateHistogram(
            "intake_ack_seconds",
            unit: null,
            description: "From the end of a request's body to the log's word that it is in.",
            tags: null,
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries =
                    [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10],
            });
        _ = meter.CreateObservableGauge(
            "intake_queue_frames",
            () => intake.Queued + once.Queued,
            description: "Requests whose trades wait to be packed into a frame.");
        _ = meter.CreateObservableGauge(
            "connections_open", () => connections.Count, description: "Open connections.");
    }

    /// <param name="requests">That were in the log at the same time.</param>
    public void Accepted(int trades, long startedTimestamp, int requests = 1)
    {
        _accepted.Add(trades);
        var seconds = Stopwatch.GetElapsedTime(startedTimestamp).TotalSeconds;
        for (var i = 0; i < requests; i++)
            _ack.Record(seconds);
    }

    public void AnsweredInLane(int requests) => _lane.Add(requests);

    public void LeftLane() => _left.Add(1);

    public void Repeated(int trades) => _repeated.Add(trades);

    public void Refused(int requests = 1) => _refused.Add(requests);

    public void Rejected(RejectBatch batch)
    {
        foreach (var (code, count) in batch.ByCode)
            _rejected.Add(count, new KeyValuePair<string, object?>("code", code));
    }
}
