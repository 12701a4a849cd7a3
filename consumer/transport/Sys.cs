using System.Runtime.InteropServices;

namespace TradeProcessor.Consumer.Transport;

/// <summary>System calls of Linux, as in their manual pages; -1 with the error number.</summary>
internal static unsafe partial class Sys
{
    public const int EpollIn = 0x1;
    public const int EpollOut = 0x4;
    public const int EpollError = 0x8;
    public const int EpollHangup = 0x10;
    public const int EpollPeerClosed = 0x2000; // EPOLLRDHUP
    public const int EpollEdge = 1 << 31;      // EPOLLET

    public const int ErrorInterrupted = 4;     // EINTR
    public const int ErrorAgain = 11;          // EAGAIN
    public const int ErrorBusy = 16;           // EBUSY
    public const int ErrorNotImplemented = 38; // ENOSYS
    public const int ErrorTime = 62;           // ETIME
    public const int ErrorReset = 104;         // ECONNRESET
    public const int ErrorFilesInProcess = 24; // EMFILE
    public const int ErrorNoBuffers = 105;     // ENOBUFS

    // Of a connection that is to be accepted (accept(2)).
    public const int ErrorBarred = 1;          // EPERM
    public const int ErrorNoNetwork = 64;      // ENONET
    public const int ErrorProtocol = 71;       // EPROTO
    public const int ErrorNetworkDown = 100;   // ENETDOWN
    public const int ErrorNetworkAway = 101;   // ENETUNREACH
    public const int ErrorAborted = 103;       // ECONNABORTED
    public const int ErrorHostDown = 112;      // EHOSTDOWN
    public const int ErrorHostAway = 113;      // EHOSTUNREACH

    private const int EpollCloseOnExec = 0x80000;
    private const int SocketFlags = 0x800 | 0x80000; // SOCK_NONBLOCK | SOCK_CLOEXEC
    private const int EpollAdd = 1;
    private const int NoSignal = 0x4000;
    private const int BothWays = 2;

    /// <summary>Bytes of struct epoll_event: packed on x86-64 alone.</summary>
    public static readonly int EventBytes =
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private static readonly int EventDataAt = EventBytes - sizeof(ulong);

    /// <summary>Most files that the process may have open (RLIMIT_NOFILE).</summary>
    public static long OpenFilesLimit()
    {
        const int OpenFiles = 7;
        var limits = stackalloc ulong[2];
        return getrlimit(OpenFiles, limits) == 0 ? (long)Math.Min(limits[0], long.MaxValue) : 1024;
    }

    public static int LastError => Marshal.GetLastPInvokeError();

    public static int CreateEpoll() => epoll_create1(EpollCloseOnExec);

    /// <summary>Only its one reader may be held up by it.</summary>
    public static int CreateEvent() => eventfd(0, EpollCloseOnExec);

    public static int Add(int epoll, int file, int events, ulong data)
    {
        var added = stackalloc byte[EventBytes];
        *(int*)added = events;
        *(ulong*)(added + EventDataAt) = data;
        return epoll_ctl(epoll, EpollAdd, file, added);
    }

    public static int Wait(int epoll, byte* events, int most, int timeoutMs) =>
        epoll_wait(epoll, events, most, timeoutMs);

    public static (int Events, ulong Data) EventAt(byte* events, int index)
    {
        var at = events + index * EventBytes;
        return (*(int*)at, *(ulong*)(at + EventDataAt));
    }

    public static void Signal(int file)
    {
        var one = 1ul;
        _ = write(file, &one, sizeof(ulong));
    }

    /// <summary>Takes the event file's signals; waits where there are none.</summary>
    public static void Clear(int file)
    {
        ulong count;
        _ = read(file, &count, sizeof(ulong));
    }

    /// <param name="address">Takes the peer's struct sockaddr.</param>
    public static int Accept(int file, byte* address, ref int addressBytes)
    {
        fixed (int* length = &addressBytes)
            return accept4(file, address, length, SocketFlags);
    }

    public static nint Receive(int file, Span<byte> into)
    {
        fixed (byte* at = into)
            return recv(file, at, into.Length, 0);
    }

    public static nint Send(int file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* at = bytes)
            return send(file, at, bytes.Length, NoSignal);
    }

    public static void Shutdown(int file) => _ = shutdown(file, BothWays);

    public static void Close(int file) => _ = close(file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int file, byte* added);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, byte* events, int most, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int file, void* bytes, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int file, void* bytes, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(int file, byte* address, int* length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int file, byte* into, nint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int file, byte* bytes, nint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(int file, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int which, ulong* limits);
}
