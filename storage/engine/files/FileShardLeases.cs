using System.Threading.Channels;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Hands out the one shard, to one owner at a time.</summary>
internal sealed class FileShardLeases : IShardLeases
{
    private readonly FileBackEnd _backEnd;

    // Holds one word while the shard is free. Unlike a semaphore it is not disposed of: a lease
    // may be given back after the store has ended.
    private readonly Channel<bool> _free = Channel.CreateBounded<bool>(1);

    public FileShardLeases(FileBackEnd backEnd)
    {
        _backEnd = backEnd;
        GiveBack();
    }

    public async ValueTask<IShardLease> AcquireAsync(CancellationToken cancellation)
    {
        _ = await _free.Reader.ReadAsync(cancellation);
        return new FileShardLease(_backEnd, GiveBack);
    }

    private void GiveBack() => _free.Writer.TryWrite(true);
}
