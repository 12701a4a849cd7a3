using System.Runtime.InteropServices;

namespace TradeProcessor.Load.Epoll;

/// <summary>The calls of Linux that sockets without objects need; numbers are Linux's own.</summary>
internal static unsafe partial class Libc
{
    public const int InProgress = 115;
    public const int TryAgain = 11;
    public const int Interrupted = 4;

    public const int SolSocket = 1;
    public const int SoError = 4;
    public const int SolIp = 0;

    /// <summary>The port is chosen at connect, when the other end is known: more of them.</summary>
    public const int BindAddressNoPort = 24;

    public const int SolTcp = 6;
    public const int NoDelay = 1;

    private const int Inet = 2;
    private const int StreamNonBlockingCloseOnExec = 1 | 0x800 | 0x80000;
    private const int NoSignal = 0x4000;
    private const int CloseOnExec = 0x80000;

    public static int LastError => Marshal.GetLastPInvokeError();

    public static int NewSocket() => Socket(Inet, StreamNonBlockingCloseOnExec, 0);

    public static int NewEpoll() => EpollCreate(CloseOnExec);

    public static int Send(int socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
            return (int)Send(socket, first, (nuint)bytes.Length, NoSignal);
    }

    public static int Receive(int socket, Span<byte> bytes)
    {
        fixed (byte* first = bytes)
            return (int)Receive(socket, first, (nuint)bytes.Length, 0);
    }

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int socket, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int socket, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int socket, int level, int name, int* value, int length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int socket, int level, int name, int* value, int* length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int file, byte* wanted);

    /// <param name="timeout">Seconds and nanoseconds, two words.</param>
    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    public static partial int EpollWait(
        int epoll, byte* events, int most, long* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int socket, byte* bytes, nuint length, int flags);
}
