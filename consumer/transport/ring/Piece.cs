using System.Buffers;

namespace TradeProcessor.Consumer.Transport;

/// <summary>Bytes in a rented block, or in a buffer that is lent by the ring.</summary>
internal struct Piece
{
    /// <summary>Of <see cref="Lent"/>, and of results: no buffer of the ring.</summary>
    public const int None = -1;

    public static readonly Piece Empty = new() { Lent = None };

    public byte[]? Block;
    public int Start;
    public int End;

    /// <summary>Which buffer of the ring it is.</summary>
    public int Lent;

    public Piece(RingBuffers buffers, int lent, int length)
    {
        (Block, Lent) = (buffers.Array, lent);
        Start = lent * buffers.Bytes;
        End = Start + length;
    }

    /// <param name="block">Free as a whole.</param>
    public Piece(byte[] block) => (Block, Lent) = (block, None);

    public readonly int Length => End - Start;

    public readonly Span<byte> Span => Block.AsSpan(Start, Length);

    public readonly ReadOnlySequence<byte> Bytes => Block is null
        ? ReadOnlySequence<byte>.Empty
        : new ReadOnlySequence<byte>(Block, Start, Length);

    /// <param name="start">Room that stays free before it.</param>
    public static Piece Rent(int bytes, int start) => new()
    {
        Block = ArrayPool<byte>.Shared.Rent(bytes),
        Start = start,
        End = start,
        Lent = None,
    };

    /// <summary>The same bytes in a block of their own.</summary>
    public readonly Piece Copy()
    {
        var copy = Rent(Length, 0);
        Span.CopyTo(copy.Block);
        copy.End = Length;
        return copy;
    }
}
