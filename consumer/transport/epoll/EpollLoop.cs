using System.Net;
using System.Runtime.InteropServices;

namespace TradeProcessor.Consumer.Transport;

/// <summary>What an <see cref="EpollLoop"/> tells of its file.</summary>
internal interface IEpollSource
{
    /// <param name="events">As epoll gives them, by edge: what is not used now is not told again.
    /// </param>
    void OnReady(int events);
}

/// <summary>A loop over epoll: it tells when a socket is ready, whoever uses it calls it.</summary>
internal sealed unsafe class EpollLoop : ConnectionLoop
{
    private const int EventsAtATime = 512;
    private const ulong WakeUp = ulong.MaxValue;

    private readonly OpenSockets _open;
    private readonly LoopFailures _failures;
    private readonly int _epoll = Check(Sys.CreateEpoll());
    private readonly byte* _events =
        (byte*)NativeMemory.Alloc(EventsAtATime, (nuint)Sys.EventBytes);

    private int _count;

    // By slot; an event names the slot and its generation, so that one that was on its way when
    // the slot got another socket is dropped.
    private readonly Stack<int> _free = new();
    private IEpollSource?[] _sources = new IEpollSource?[64];
    private uint[] _generations = new uint[64];
    private int _used;

    /// <param name="open">Of all loops together.</param>
    public EpollLoop(string name, OpenSockets open, LoopFailures failures)
        : base(name)
    {
        (_open, _failures) = (open, failures);
        _ = Check(Sys.Add(_epoll, WakeFile, Sys.EpollIn | Sys.EpollEdge, WakeUp));
        Start();
    }

    public override bool TryReserve() => _open.TryTake();

    public override void Unreserve() => _open.Give();

    public override LoopConnection Take(int file, PeerAddress peer, EndPoint local)
    {
        var connection = new EpollConnection(this, file, peer, local);
        if (IsCurrent)
            connection.Start();
        else
            Schedule(static state => ((EpollConnection)state!).Start(), connection);
        return connection;
    }

    public override void Visit(int first, int step, Action<LoopConnection> visit)
    {
        for (var i = first; i < _used; i += step)
        {
            if (_sources[i] is LoopConnection connection)
                visit(connection);
        }
    }

    public override int Watch(IWatcher watcher, int file) =>
        Check(Add(new Watched(watcher), file, Sys.EpollIn));

    public override void Unwatch(int watched) => Remove(watched);

    /// <summary>Serves the file from now on; only on the loop itself.</summary>
    /// <returns>Its slot; -1 where the system refuses, which is counted.</returns>
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
        var data = (ulong)_generations[slot] << 32 | (uint)slot;
        if (Sys.Add(_epoll, file, events | Sys.EpollEdge, data) >= 0)
            return slot;
        _failures.Count(Sys.LastError);
        Remove(slot);
        return -1;
    }

    /// <summary>Forgets a file that is about to be closed; only on the loop itself.</summary>
    public void Remove(int slot)
    {
        _sources[slot] = null;
        _generations[slot]++;
        _free.Push(slot);
    }

    protected override bool Poll()
    {
        Wait(sleeps: false);
        return Serve();
    }

    protected override void Wait(bool sleeps) =>
        _count = Sys.Wait(_epoll, _events, EventsAtATime, timeoutMs: sleeps ? -1 : 0);

    protected override bool Serve()
    {
        for (var i = 0; i < _count; i++)
            Serve(Sys.EventAt(_events, i));
        return _count > 0;
    }

    protected override void Close()
    {
        Sys.Close(_epoll);
        NativeMemory.Free(_events);
    }

    private void Serve((int Events, ulong Data) ready)
    {
        if (ready.Data == WakeUp)
        {
            Sys.Clear(WakeFile);
            return;
        }
        var slot = (int)(uint)ready.Data;
        if (_generations[slot] == (uint)(ready.Data >> 32))
            _sources[slot]?.OnReady(ready.Events);
    }

    private sealed class Watched(IWatcher watcher) : IEpollSource
    {
        public void OnReady(int events) => watcher.OnReadable();
    }
}
