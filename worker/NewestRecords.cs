using System.Buffers;
using TradeProcessor.Contracts;

namespace TradeProcessor.Worker;

/// <summary>Copies of the newest records since the last commit, no more than the rings hold.</summary>
internal sealed class NewestRecords(int capacity)
{
    private readonly List<RecordBlock> _blocks = [];
    private readonly List<(byte[] Buffer, int Count)> _held = [];
    private int _count;

    /// <summary>Oldest first; valid until <see cref="Clear"/>.</summary>
    public IReadOnlyList<RecordBlock> Blocks => _blocks;

    public void Add(in FrameHeader header, ReadOnlySpan<byte> records)
    {
        while (_held.Count > 0 && _count - _held[0].Count + header.Count >= capacity)
            Drop();
        var buffer = ArrayPool<byte>.Shared.Rent(header.RecordBytes);
        records[..header.RecordBytes].CopyTo(buffer);
        _held.Add((buffer, header.Count));
        _blocks.Add(new RecordBlock(header.ReceivedAtTicks, buffer.AsMemory(0, header.RecordBytes)));
        _count += header.Count;
    }

    public void Clear()
    {
        foreach (var (buffer, _) in _held)
            ArrayPool<byte>.Shared.Return(buffer);
        _held.Clear();
        _blocks.Clear();
        _count = 0;
    }

    private void Drop()
    {
        ArrayPool<byte>.Shared.Return(_held[0].Buffer);
        _count -= _held[0].Count;
        _held.RemoveAt(0);
        _blocks.RemoveAt(0);
    }
}
