using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Processes;

/// <summary>The board of the embedded back end, where there is one process.</summary>
internal sealed class LocalProcessBoard : IProcessBoard
{
    private volatile ProcessReport? _last;

    public ValueTask ReportAsync(ProcessReport report, CancellationToken cancellation)
    {
        _last = report;
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<ProcessReport>> ListAsync(CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<ProcessReport>>(_last is { } report ? [report] : []);
}
