using System.Collections.Concurrent;
using System.ComponentModel;
using System.IO.Pipelines;
using System.Runtime.InteropServices;

namespace TradeProcessor.Consumer.Transport;

/// <summary>What an <see cref="EpollLoop"/> tells of its file.</summary>
internal interface IEpollSource
{
    /// <param name="events">As epoll gives them, by edge: what is not used now is not told again.
    /// </param>
    void OnReady(int events);
}

/// <summary>
/// A thread that waits for many sockets and serves them: (1) what other threads asked it to run,
/// (2) what the kernel says is ready. Nothing that blocks may run on it.
/// </summary>
internal sealed unsafe class EpollLoop : PipeScheduler, IDisposable
{
    private const int EventsAtATime = 512;
    private const ulong WakeUp = ulong.MaxValue;

    private readonly int _epoll = Check(Sys.CreateEpoll());
    private readonly int _wake = Check(Sys.CreateEvent());
    private readonly ConcurrentQueue<(Action<object?> Run, object? State)> _asked = new();
    private readonly Thread _thread;

    // By slot; an event names the slot and its generation, so that one that was on its way when
    // the slot got another socket is dropped.
    private readonly Stack<int> _free = new();
    private IEpollSource?[] _sources = new IEpollSource?[64];
    private uint[] _generations = new uint[64];
    private int _used;

    private int _isAsleep;
    private volatile bool _isStopping;

    public EpollLoop(string name)
    {
        _ = Check(Sys.Add(_epoll, _wake, Sys.EpollIn | Sys.EpollEdge, WakeUp));
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    public bool IsCurrent => Thread.CurrentThread == _thread;

    public override void Schedule(Action<object?> action, object? state)
    {
        _asked.Enqueue((action, state));
        if (Interlocked.Exchange(ref _isAsleep, 0) == 1)
            Sys.Signal(_wake);
    }

    /// <summary>Serves the file from now on; only on the loop itself.</summary>
    /// <returns>Its slot.</returns>
    public int Add(IEpollSource source, int file, int events)
    {
        if (!_free.TryPop(out var slot))
            slot = _used++;
        if (slot == _sources.Length)
        {
            Array.Resize(ref _sources, 2 * slot);
            Array.Resize(ref _generations, 2 * slot);
        }
        _sources[slot] = source;
        _ = Check(Sys.Add(
            _epoll, file, events | Sys.EpollEdge, (ulong)_generations[slot] << 32 | (uint)slot));
        return slot;
    }

    /// <summary>Forgets a file that is about to be closed; only on the loop itself.</summary>
    public void Remove(int slot)
    {
        _sources[slot] = null;
        _generations[slot]++;
        _free.Push(slot);
    }

    /// <summary>Ends the thread once what was asked of it is done.</summary>
    public void Dispose()
    {
        _isStopping = true;
        Sys.Signal(_wake);
        _thread.Join();
        Sys.Close(_epoll);
        Sys.Close(_wake);
    }

    private void Run()
    {
        var events = (byte*)NativeMemory.Alloc(EventsAtATime, (nuint)Sys.EventBytes);
        while (true)
        {
            RunAsked();
            if (_isStopping && _asked.IsEmpty)
                break;
            // Asleep first and then a look: whoever asks in between either sees that it sleeps or
            // is seen.
            _ = Interlocked.Exchange(ref _isAsleep, 1);
            var timeout = _asked.IsEmpty ? -1 : 0;
            var count = Sys.Wait(_epoll, events, EventsAtATime, timeout);
            Volatile.Write(ref _isAsleep, 0);
            for (var i = 0; i < count; i++)
                Serve(Sys.EventAt(events, i));
        }
        NativeMemory.Free(events);
    }

    // No more than was there at the start, so that what asks again and again lets sockets in.
    private void RunAsked()
    {
        for (var left = _asked.Count; left > 0 && _asked.TryDequeue(out var asked); left--)
            asked.Run(asked.State);
    }

    private void Serve((int Events, ulong Data) ready)
    {
        if (ready.Data == WakeUp)
        {
            Sys.Clear(_wake);
            return;
        }
        var slot = (int)(uint)ready.Data;
        if (_generations[slot] == (uint)(ready.Data >> 32))
            _sources[slot]?.OnReady(ready.Events);
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new Win32Exception(Sys.LastError);
}
