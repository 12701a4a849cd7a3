using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TradeProcessor.Load.Epoll;

/// <summary>
/// Sockets that are waited for together, each with a number of the caller's. Edge-triggered: an
/// event comes once, so what it announces is read to its end.
/// </summary>
internal sealed unsafe class EpollSet : IDisposable
{
    public const uint Readable = 0x1;
    public const uint Writable = 0x4;
    public const uint Broken = 0x8 | 0x10;
    public const uint OtherEndClosed = 0x2000;

    private const uint EdgeTriggered = 1u << 31;
    private const int AddOperation = 1;
    private const int MostEvents = 256;

    // The kernel's structure is packed on x86-64 alone.
    private static readonly int DataAt =
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private static readonly int EventBytes = DataAt + 8;

    private readonly int _epoll = Check(Libc.NewEpoll());
    private readonly byte* _events = (byte*)NativeMemory.Alloc(MostEvents * 16);

    /// <exception cref="Win32Exception">No memory or no watch is left.</exception>
    public void Add(int socket, int number)
    {
        var wanted = stackalloc byte[16];
        Unsafe.WriteUnaligned(wanted, Readable | Writable | OtherEndClosed | EdgeTriggered);
        Unsafe.WriteUnaligned(wanted + DataAt, (long)number);
        _ = Check(Libc.EpollControl(_epoll, AddOperation, socket, wanted));
    }

    /// <returns>How many events there are; 0 after the timeout.</returns>
    public int Wait(TimeSpan timeout)
    {
        var ticks = Math.Max(0, timeout.Ticks);
        var time = stackalloc long[2];
        time[0] = ticks / TimeSpan.TicksPerSecond;
        time[1] = ticks % TimeSpan.TicksPerSecond * 100;
        var count = Libc.EpollWait(_epoll, _events, MostEvents, time, null);
        return count < 0 && Libc.LastError == Libc.Interrupted ? 0 : Check(count);
    }

    /// <param name="index">Below what <see cref="Wait"/> has returned.</param>
    public (int Number, uint Events) Event(int index)
    {
        var at = _events + index * EventBytes;
        return ((int)Unsafe.ReadUnaligned<long>(at + DataAt), Unsafe.ReadUnaligned<uint>(at));
    }

    public void Dispose()
    {
        _ = Libc.Close(_epoll);
        NativeMemory.Free(_events);
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new Win32Exception(Libc.LastError);
}
