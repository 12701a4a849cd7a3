using System.Runtime.InteropServices;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// Buffers that a ring provides to receives that wait: the kernel takes one when something has
/// come, so that those that wait hold none.
/// </summary>
internal sealed unsafe class RingBuffers
{
    private const nuint PageBytes = 4096;
    private const int TailAt = 14; // in struct io_uring_buf_ring

    private readonly byte* _offered;
    private readonly int _mask;
    private ushort _tail;

    /// <param name="count">A power of two.</param>
    /// <param name="bytes">Of each.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The system refuses.</exception>
    public RingBuffers(Ring ring, int count, int bytes)
    {
        (_mask, Bytes) = (count - 1, bytes);
        Array = GC.AllocateUninitializedArray<byte>(count * bytes, pinned: true);
        _offered = (byte*)NativeMemory.AlignedAlloc((nuint)count * 16, PageBytes);
        new Span<byte>(_offered, count * 16).Clear();
        var registered = stackalloc ulong[5] { (ulong)_offered, (uint)count, 0, 0, 0 };
        ring.Register(RingCalls.RegisterBuffers, registered, 1);
        for (var i = 0; i < count; i++)
            GiveBack(i);
    }

    /// <summary>All of them, one behind the other.</summary>
    public byte[] Array { get; }

    /// <summary>Of each.</summary>
    public int Bytes { get; }

    /// <summary>Offers a buffer to the kernel; on the ring's thread.</summary>
    public void GiveBack(int buffer)
    {
        var offered = _offered + (_tail & _mask) * 16;
        *(ulong*)offered =
            (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(Array, buffer * Bytes);
        *(int*)(offered + 8) = Bytes;
        *(ushort*)(offered + 12) = (ushort)buffer;
        Volatile.Write(ref *(ushort*)(_offered + TailAt), ++_tail);
    }

    /// <summary>Only where the kernel can use none of them any more.</summary>
    public void Free() => NativeMemory.AlignedFree(_offered);
}
