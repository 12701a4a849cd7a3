using System.Diagnostics;
using System.Net;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// A loop over one or several rings of io_uring: all that a ring's connections ask for in a turn
/// goes to the kernel with one call. Their sockets are registered files of the ring: the process
/// has no descriptor of them. One ring's call also waits; several signal the loop's event file,
/// and only those that have something are called.
/// </summary>
internal sealed class UringLoop : ConnectionLoop
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1);

    private readonly OpenSockets _room;
    private readonly OpenSockets _descriptors;
    private readonly LoopFailures _failures;
    private readonly LoopRing[] _rings;
    private readonly List<(IWatcher? Watcher, int File)> _watched = [];

    /// <param name="rings">How many.</param>
    /// <param name="descriptors">
    /// Of the process: an accepted socket has one until the loop has registered it.
    /// </param>
    /// <exception cref="System.ComponentModel.Win32Exception">
    /// The system has no such rings, or bars them.
    /// </exception>
    public UringLoop(
        string name,
        int rings,
        UringSizes sizes,
        OpenSockets descriptors,
        LoopFailures failures)
        : base(name)
    {
        (_descriptors, _failures) = (descriptors, failures);
        _room = new OpenSockets((long)rings * sizes.Files);
        _rings = new LoopRing[rings];
        try
        {
            for (var i = 0; i < rings; i++)
                _rings[i] = new LoopRing(this, sizes, rings > 1 ? WakeFile : null);
        }
        catch
        {
            foreach (var ring in _rings)
                ring?.Close();
            throw;
        }
        Start();
    }

    public override bool TryReserve()
    {
        if (!_room.TryTake())
            return false;
        if (_descriptors.TryTake())
            return true;
        _room.Give();
        return false;
    }

    public override void Unreserve()
    {
        _descriptors.Give();
        _room.Give();
    }

    public override LoopConnection Take(int file, PeerAddress peer, EndPoint local)
    {
        var connection = new UringConnection(this, file, peer, local);
        if (IsCurrent)
            connection.Start();
        else
            Schedule(static state => ((UringConnection)state!).Start(), connection);
        return connection;
    }

    public override void Visit(int first, int step, Action<LoopConnection> visit)
    {
        foreach (var ring in _rings)
            ring.Visit(first, step, visit);
    }

    public override int Watch(IWatcher watcher, int file)
    {
        _watched.Add((watcher, file));
        _rings[0].Poll(RingUse.Watch, _watched.Count - 1, file);
        return _watched.Count - 1;
    }

    public override void Unwatch(int watched)
    {
        _watched[watched] = default;
        _rings[0].CancelPoll(RingUse.Watch, watched);
    }

    /// <summary>Makes the socket a registered file and closes the descriptor.</summary>
    /// <returns>Its ring and slot; -1 where the system refuses, which is counted.</returns>
    public (LoopRing Ring, int Slot) Register(UringConnection connection, int file)
    {
        // The first that has room: few connections then are in few rings, which few calls serve.
        // There is one, as the loop's room is theirs.
        var ring = _rings[0];
        for (var i = 1; !ring.HasRoom; i++)
            ring = _rings[i];
        var (slot, error) = ring.Register(connection, file);
        Sys.Close(file);
        _descriptors.Give();
        if (error != 0)
            _failures.Count(error);
        return (ring, slot);
    }

    /// <summary>A connection is over, and its slot free if it had one.</summary>
    public void Release() => _room.Give();

    /// <summary>Gives a provided buffer back; from any thread.</summary>
    public void GiveBack(LoopRing ring, int buffer)
    {
        if (IsCurrent)
            ring.Buffers.GiveBack(buffer);
        else
            Schedule(state => ring.Buffers.GiveBack((int)state!), buffer);
    }

    /// <summary>A file of the process that is watched has something.</summary>
    public void OnPolled(LoopRing ring, RingUse use, int index, in RingResult result)
    {
        if (use == RingUse.Wake)
        {
            if (!result.GoesOn && result.Result >= 0)
                ring.Poll(RingUse.Wake, 0, WakeFile);
            return;
        }
        if (_watched[index].Watcher is not { } watcher || result.Result < 0)
            return;
        if (!result.GoesOn)
            ring.Poll(RingUse.Watch, index, _watched[index].File);
        watcher.OnReadable();
    }

    protected override void Open()
    {
        foreach (var ring in _rings)
            ring.Enable();
        if (_rings.Length == 1)
            _rings[0].Poll(RingUse.Wake, 0, WakeFile);
    }

    // What the kernel has ready shows in the rings' memory; without that there is no call.
    protected override bool Poll()
    {
        if (!HasNews && (!HasAsked || !HasUnsubmitted))
            return false;
        var any = false;
        foreach (var ring in _rings)
        {
            if (!ring.HasNews && !ring.HasUnsubmitted)
                continue;
            ring.Enter(waits: false);
            any |= ring.Serve();
        }
        return any;
    }

    protected override void Wait(bool sleeps)
    {
        if (_rings.Length == 1)
        {
            _rings[0].Enter(sleeps);
            return;
        }
        Enter();
        if (!sleeps || HasNews)
            return;
        foreach (var ring in _rings)
            ring.WantsEvent = true;
        Interlocked.MemoryBarrier();
        if (!HasNews)
            Sys.Clear(WakeFile);
        foreach (var ring in _rings)
            ring.WantsEvent = false;
        Enter();
    }

    protected override bool Serve()
    {
        var any = false;
        foreach (var ring in _rings)
            any |= ring.Serve();
        return any;
    }

    protected override void Close()
    {
        foreach (var ring in _rings)
            ring.CancelAll();
        var since = Stopwatch.GetTimestamp();
        while (_rings.Any(ring => ring.UnderWay > 0)
            && Stopwatch.GetElapsedTime(since) < EndLimit)
        {
            foreach (var ring in _rings)
                ring.Enter(waits: false);
            if (!Serve())
                Thread.Yield();
        }
        foreach (var ring in _rings)
            ring.Close();
    }

    private bool HasNews
    {
        get
        {
            foreach (var ring in _rings)
            {
                if (ring.HasNews)
                    return true;
            }
            return false;
        }
    }

    private bool HasUnsubmitted
    {
        get
        {
            foreach (var ring in _rings)
            {
                if (ring.HasUnsubmitted)
                    return true;
            }
            return false;
        }
    }

    private void Enter()
    {
        foreach (var ring in _rings)
        {
            if (ring.HasNews || ring.HasUnsubmitted)
                ring.Enter(waits: false);
        }
    }
}
