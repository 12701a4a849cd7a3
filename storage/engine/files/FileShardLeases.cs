using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Hands out the one shard, to one owner at a time.</summary>
internal sealed class FileShardLeases(FileBackEnd backEnd) : IShardLeases, IDisposable
{
    private readonly SemaphoreSlim _free = new(1, 1);

    public async ValueTask<IShardLease> AcquireAsync(CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        return new FileShardLease(backEnd, () => _free.Release());
    }

    public void Dispose() => _free.Dispose();
}
