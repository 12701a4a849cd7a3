using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>The embedded back end has one shard, which its own process counts.</summary>
internal sealed class FileStoreHealth(FileBackEnd backEnd) : IStoreHealth
{
    private static readonly string Owner =
        $"{Environment.MachineName}/{Environment.ProcessId}";

    public async ValueTask<IReadOnlyList<ShardHealth>> ShardsAsync(CancellationToken cancellation)
    {
        if (backEnd.Journal.Failure is { } failure)
            throw new LogUnavailableException(failure);
        var summary = await backEnd.Store.SummaryAsync(cancellation);
        var end = backEnd.Journal.DurablePosition;
        var waiting = Math.Max(0, end - backEnd.Store.Position);
        return
        [
            new ShardHealth(
                0,
                Owner,
                WaitingFrames: null,
                waiting,
                summary.LagSeconds,
                end - backEnd.Journal.Segments[0].BasePosition),
        ];
    }
}
