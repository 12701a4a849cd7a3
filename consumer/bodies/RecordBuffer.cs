using System.Buffers;

namespace TradeProcessor.Consumer.Bodies;

/// <summary>Trade records one after the other in a pooled array that grows.</summary>
internal sealed class RecordBuffer(MemoryBudget budget) : IDisposable
{
    private const int FirstBytes = 512;    // some ten trades
    private const int KeptBytes = 1 << 14; // an array larger than this goes back to the pool

    private byte[] _bytes = [];

    /// <summary>Number of trades.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of all records.</summary>
    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Records => _bytes.AsMemory(0, Length);

    /// <summary>Room of at least so many bytes for the next record.</summary>
    /// <param name="likelyBytes">What it should have room for where it grows.</param>
    /// <exception cref="BudgetSpentException">All requests together hold too much.</exception>
    public Span<byte> GetSpan(int minBytes, int likelyBytes = 0)
    {
        if (_bytes.Length - Length < minBytes)
            Grow(Math.Max(minBytes, likelyBytes));
        return _bytes.AsSpan(Length);
    }

    /// <summary>Keeps what was written of one record, or of several.</summary>
    public void Advance(int recordBytes, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(recordBytes, _bytes.Length - Length);
        Length += recordBytes;
        Count += count;
    }

    /// <summary>Forgets the records behind an earlier count and length.</summary>
    public void TruncateTo(int count, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Count = count;
        Length = length;
    }

    /// <summary>Forgets all records.</summary>
    public void Reset()
    {
        TruncateTo(0, 0);
        if (_bytes.Length > KeptBytes)
            Dispose();
    }

    /// <summary>Gives the array back; the buffer is empty and can be used again.</summary>
    public void Dispose()
    {
        TruncateTo(0, 0);
        var bytes = _bytes;
        _bytes = [];
        budget.Give(bytes.Length);
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    private void Grow(int minBytes)
    {
        var grown = ArrayPool<byte>.Shared.Rent(
            Math.Max(FirstBytes, Math.Max(2 * _bytes.Length, Length + minBytes)));
        try
        {
            budget.Take(grown.Length - _bytes.Length);
        }
        catch (BudgetSpentException)
        {
            ArrayPool<byte>.Shared.Return(grown);
            throw;
        }
        _bytes.AsSpan(0, Length).CopyTo(grown);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = grown;
    }
}
