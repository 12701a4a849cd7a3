using System.Buffers;
using System.Collections.Concurrent;

namespace TradeProcessor.Bench;

/// <summary>
/// Blocks of 4 KiB for pipes, all of them kept, as Kestrel's own pool does: the shared array pool
/// lets go of some, and a measurement of allocations would count them.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    private const int BlockBytes = 4096;

    private readonly ConcurrentQueue<Block> _idle = new();

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        return _idle.TryDequeue(out var block) ? block : new Block(this);
    }

    protected override void Dispose(bool disposing) => _idle.Clear();

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = new byte[BlockBytes];

        public void Dispose() => pool._idle.Enqueue(this);
    }
}
