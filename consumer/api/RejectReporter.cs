using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Api;

/// <summary>Counts refused trades, in the store and in the metrics.</summary>
internal sealed class RejectReporter(IRejectLog rejects, IntakeMetrics metrics, TimeProvider time)
{
    public void Report(BatchErrors errors)
    {
        if (errors.Rejected == 0)
            return;
        var batch = errors.ToRejects(time.GetUtcNow().UtcDateTime);
        rejects.Add(batch);
        metrics.Rejected(batch);
    }
}
