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
        var (free, size) = Disk(backEnd.LogDirectory);
        return
        [
            new ShardHealth(
                0,
                Owner,
                WaitingFrames: null,
                waiting,
                summary.LagSeconds,
                end - backEnd.Journal.Segments[0].BasePosition,
                free,
                size),
        ];
    }

    private static (long? Free, long? Size) Disk(string directory)
    {
        try
        {
            var drive = new DriveInfo(
                OperatingSystem.IsWindows() ? Path.GetPathRoot(directory)! : directory);
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (IOException)
        {
            return default; // The log has its own words for that.
        }
    }
}
