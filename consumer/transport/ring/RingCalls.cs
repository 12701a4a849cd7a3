using System.Runtime.InteropServices;

namespace TradeProcessor.Consumer.Transport;

/// <summary>What a ring's entry asks for, as in <c>linux/io_uring.h</c>.</summary>
internal enum RingOperation : byte
{
    PollAdd = 6,
    Cancel = 14,
    Close = 19,
    Send = 26,
    Receive = 27,
    Shutdown = 34,
}

/// <summary>struct io_uring_sqe.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct RingEntry
{
    /// <summary>The file is the number of a registered one.</summary>
    public const byte FixedFile = 1 << 0;

    /// <summary>The kernel takes one of the buffers that the ring provides.</summary>
    public const byte ProvidedBuffer = 1 << 5;

    /// <summary>For <see cref="Priority"/>: wait until something is there, then try.</summary>
    public const ushort PollFirst = 1 << 0;

    /// <summary>For <see cref="Priority"/>: receive again and again.</summary>
    public const ushort ReceiveMany = 1 << 1;

    /// <summary>For <see cref="OperationFlags"/> of a cancel: all that the file has.</summary>
    public const uint CancelAllOfFile = 1 << 0 | 1 << 1 | 1 << 3;

    /// <summary>For <see cref="Length"/> of a poll: tell again and again.</summary>
    public const uint PollMany = 1 << 0;

    [FieldOffset(0)] public RingOperation Operation;
    [FieldOffset(1)] public byte Flags;
    [FieldOffset(2)] public ushort Priority;
    [FieldOffset(4)] public int File;
    [FieldOffset(8)] public ulong Offset;
    [FieldOffset(16)] public ulong Address;
    [FieldOffset(24)] public uint Length;
    [FieldOffset(28)] public uint OperationFlags;
    [FieldOffset(32)] public ulong Data;
    [FieldOffset(40)] public ushort BufferGroup;
    [FieldOffset(44)] public uint FileIndex;
}

/// <summary>struct io_uring_cqe.</summary>
/// <param name="Data">Of the entry that it completes.</param>
/// <param name="Result">As of the system call; an error is negative.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct RingResult(ulong Data, int Result, uint Flags)
{
    private const uint HasBuffer = 1 << 0;
    private const uint HasMore = 1 << 1;
    private const uint IsNonEmpty = 1 << 2;
    private const int BufferShift = 16;

    /// <summary>Number of the provided buffer that was used; -1 for none.</summary>
    public int Buffer => (Flags & HasBuffer) != 0 ? (int)(Flags >> BufferShift) : -1;

    /// <summary>The same entry completes again.</summary>
    public bool GoesOn => (Flags & HasMore) != 0;

    /// <summary>There was more in the socket than was received.</summary>
    public bool LeftMore => (Flags & IsNonEmpty) != 0;
}

/// <summary>The three system calls of io_uring, and the memory that they share.</summary>
internal static unsafe partial class RingCalls
{
    public const uint WaitForEvents = 1 << 0; // IORING_ENTER_GETEVENTS
    public const int RegisterEvent = 4;
    public const int RegisterFilesUpdate = 6;
    public const int RegisterEnable = 12;
    public const int RegisterFiles = 13;
    public const int RegisterBuffers = 22;

    private const nint SetupNumber = 425; // the same on all architectures
    private const nint EnterNumber = 426;
    private const nint RegisterNumber = 427;
    private const int ReadWrite = 3;
    private const int SharedPopulated = 0x8001;

    public static int Setup(uint entries, RingParameters* parameters) =>
        (int)syscall(SetupNumber, (nint)entries, (nint)parameters, 0, 0, 0, 0);

    public static int Enter(int ring, uint submitted, uint least, uint flags) =>
        (int)syscall(EnterNumber, ring, (nint)submitted, (nint)least, (nint)flags, 0, 0);

    public static int Register(int ring, int what, void* argument, uint count) =>
        (int)syscall(RegisterNumber, ring, what, (nint)argument, (nint)count, 0, 0);

    /// <returns>Null where the system refuses.</returns>
    public static byte* Map(int ring, nuint bytes, long offset)
    {
        var at = mmap(null, bytes, ReadWrite, SharedPopulated, ring, offset);
        return (nint)at == -1 ? null : (byte*)at;
    }

    public static void Unmap(byte* at, nuint bytes) => _ = munmap(at, bytes);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(
        nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(
        void* at, nuint bytes, int protection, int flags, int file, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(void* at, nuint bytes);
}

/// <summary>struct io_uring_params.</summary>
[StructLayout(LayoutKind.Explicit, Size = 120)]
internal struct RingParameters
{
    [FieldOffset(0)] public uint Entries;
    [FieldOffset(4)] public uint Results;
    [FieldOffset(8)] public uint Flags;
    [FieldOffset(20)] public uint Features;
    [FieldOffset(40)] public uint EntriesHead;
    [FieldOffset(44)] public uint EntriesTail;
    [FieldOffset(56)] public uint EntriesFlags;
    [FieldOffset(64)] public uint EntriesOrder;
    [FieldOffset(80)] public uint ResultsHead;
    [FieldOffset(84)] public uint ResultsTail;
    [FieldOffset(100)] public uint ResultsAt;
    [FieldOffset(104)] public uint ResultsFlags;
}
