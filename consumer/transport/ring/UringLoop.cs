using System.Diagnostics;
using System.Net;

namespace TradeProcessor.Consumer.Transport;

/// <summary>What an entry was for.</summary>
internal enum RingUse : byte
{
    Wake,
    Watch,
    Receive,
    Send,
    End,
    Shutdown,
    Cancel,
    Close,

    /// <summary>Nobody asks what became of it.</summary>
    Forget,
}

/// <summary>Of each loop of a transport.</summary>
/// <param name="Files">Connections that it holds.</param>
/// <param name="Buffers">A power of two.</param>
/// <param name="BufferBytes">Of each.</param>
internal sealed record UringSizes(int Files, int Buffers, int BufferBytes);

/// <summary>
/// A loop over io_uring: all that its connections ask for in a turn goes to the kernel with one
/// call, which also waits. Their sockets are registered files of the ring: the process has no
/// descriptor of them.
/// </summary>
internal sealed class UringLoop : ConnectionLoop
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1);

    private const int UseShift = 32;
    private const uint CancelAny = 1 << 2;
    private const uint CancelAll = 1 << 0;
    private const uint PollIn = 1;

    private readonly UringSizes _sizes;
    private readonly OpenSockets _room;
    private readonly OpenSockets _descriptors;
    private readonly LoopFailures _failures;
    private readonly Ring _ring = new();
    private readonly RingBuffers _buffers;
    private readonly Stack<int> _free = new();
    private readonly List<(IWatcher? Watcher, int File)> _watched = [];
    private UringConnection?[] _connections = new UringConnection?[64];
    private int _used;
    private int _underWay;

    /// <param name="descriptors">
    /// Of the process: an accepted socket has one until the loop has registered it.
    /// </param>
    /// <exception cref="System.ComponentModel.Win32Exception">
    /// The system has no such rings, or bars them.
    /// </exception>
    public UringLoop(
        string name, UringSizes sizes, OpenSockets descriptors, LoopFailures failures)
        : base(name)
    {
        (_sizes, _descriptors, _failures) = (sizes, descriptors, failures);
        _room = new OpenSockets(sizes.Files);
        try
        {
            _ring.RegisterFiles((uint)sizes.Files);
            _buffers = new RingBuffers(_ring, sizes.Buffers, sizes.BufferBytes);
        }
        catch
        {
            _ring.Close();
            throw;
        }
        Start();
    }

    /// <summary>What the kernel receives into where nothing was there before.</summary>
    public RingBuffers Buffers => _buffers;

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
        for (var i = first; i < _used; i += step)
        {
            if (_connections[i] is { } connection)
                visit(connection);
        }
    }

    public override int Watch(IWatcher watcher, int file)
    {
        _watched.Add((watcher, file));
        Poll(RingUse.Watch, _watched.Count - 1, file);
        return _watched.Count - 1;
    }

    public override void Unwatch(int watched)
    {
        _watched[watched] = default;
        Cancel(ref Next(RingUse.Forget, 0), RingUse.Watch, watched);
        // The file is closed next, and the kernel must have let go of it by then.
        _ring.Enter(waits: false);
    }

    /// <summary>Makes the socket a registered file and closes the descriptor.</summary>
    /// <returns>Its slot; -1 where the system refuses, which is counted.</returns>
    public int Register(UringConnection connection, int file)
    {
        if (!_free.TryPop(out var slot))
            slot = _used++;
        if (slot >= _connections.Length)
            Array.Resize(ref _connections, Math.Min(2 * slot, _sizes.Files));
        var error = _ring.SetFile(slot, file);
        Sys.Close(file);
        _descriptors.Give();
        if (error == 0)
        {
            _connections[slot] = connection;
            return slot;
        }
        _failures.Count(error);
        _free.Push(slot);
        return -1;
    }

    /// <summary>Nothing of the slot is under way, and its file is closed.</summary>
    public void Release(int slot)
    {
        _connections[slot] = null;
        _free.Push(slot);
        _room.Give();
    }

    /// <summary>A connection that never had a slot is over.</summary>
    public void Release() => _room.Give();

    /// <summary>
    /// An entry for a connection's file; it goes to the kernel at the end of the turn, and its
    /// result to the connection.
    /// </summary>
    public ref RingEntry Next(RingUse use, int slot)
    {
        _underWay++;
        ref var entry = ref _ring.Next();
        entry.Data = (ulong)use << UseShift | (uint)slot;
        entry.Flags = RingEntry.FixedFile;
        entry.File = slot;
        return ref entry;
    }

    /// <summary>Has the kernel give up what is under way for it; its result says so.</summary>
    public void Cancel(RingUse use, int slot) =>
        Cancel(ref Next(RingUse.Cancel, slot), use, slot);

    /// <summary>Gives a provided buffer back; from any thread.</summary>
    public void GiveBack(int buffer)
    {
        if (IsCurrent)
            _buffers.GiveBack(buffer);
        else
            Schedule(state => _buffers.GiveBack((int)state!), buffer);
    }

    protected override void Open()
    {
        _ring.Enable();
        Poll(RingUse.Wake, 0, WakeFile);
    }

    // What the kernel has ready shows in the ring's memory; without that there is no call.
    protected override bool Poll()
    {
        if (!_ring.HasNews && (_ring.Unsubmitted == 0 || !HasAsked))
            return false;
        Wait(sleeps: false);
        return Serve();
    }

    protected override void Wait(bool sleeps) => _ring.Enter(sleeps);

    protected override bool Serve()
    {
        var any = false;
        while (_ring.TryTake(out var result))
        {
            any = true;
            Serve(result);
        }
        return any;
    }

    protected override void Close()
    {
        ref var entry = ref Next(RingUse.Forget, 0);
        entry.Operation = RingOperation.Cancel;
        entry.Flags = 0;
        entry.OperationFlags = CancelAny | CancelAll;
        var since = Stopwatch.GetTimestamp();
        while (_underWay > 0 && Stopwatch.GetElapsedTime(since) < EndLimit)
        {
            Wait(sleeps: false);
            if (!Serve())
                Thread.Yield();
        }
        _ring.Close();
        // What the kernel may still write to stays.
        if (_underWay == 0)
            _buffers.Free();
    }

    private void Serve(in RingResult result)
    {
        var (use, index) = ((RingUse)(result.Data >> UseShift), (int)(uint)result.Data);
        if (!result.GoesOn)
            _underWay--;
        switch (use)
        {
            case RingUse.Wake:
                if (!result.GoesOn && result.Result >= 0)
                    Poll(RingUse.Wake, 0, WakeFile);
                break;
            case RingUse.Watch:
                if (_watched[index].Watcher is not { } watcher || result.Result < 0)
                    break;
                if (!result.GoesOn)
                    Poll(RingUse.Watch, index, _watched[index].File);
                watcher.OnReadable();
                break;
            case RingUse.Forget:
                break;
            default:
                _connections[index]!.OnCompleted(use, result);
                break;
        }
    }

    private static void Cancel(ref RingEntry entry, RingUse use, int index)
    {
        entry.Operation = RingOperation.Cancel;
        entry.Flags = 0;
        entry.File = -1;
        entry.Address = (ulong)use << UseShift | (uint)index;
    }

    private void Poll(RingUse use, int index, int file)
    {
        ref var entry = ref Next(use, index);
        entry.Operation = RingOperation.PollAdd;
        entry.Flags = 0;
        entry.File = file;
        entry.Length = RingEntry.PollMany;
        entry.OperationFlags = PollIn;
    }
}
