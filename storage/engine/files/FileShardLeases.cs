using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Hands out the one shard, once.</summary>
internal sealed class FileShardLeases(FileBackEnd backEnd) : IShardLeases
{
    private int _taken;

    public async ValueTask<IShardLease> AcquireAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _taken, 1) == 1)
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        return new FileShardLease(backEnd);
    }
}
