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

/// <summary>Of each ring of a loop.</summary>
/// <param name="Files">Connections that it holds.</param>
/// <param name="Buffers">A power of two.</param>
/// <param name="BufferBytes">Of each.</param>
/// <param name="Entries">A power of two.</param>
internal sealed record UringSizes(int Files, int Buffers, int BufferBytes, uint Entries = 128);

/// <summary>
/// A ring of a loop and the connections whose sockets are its registered files. All but the
/// constructor belongs to the loop's thread.
/// </summary>
internal sealed class LoopRing
{
    private const int UseShift = 32;
    private const uint CancelAny = 1 << 2;
    private const uint CancelAllFlag = 1 << 0;
    private const uint PollIn = 1;
    private const int SlotsOfLine = 8; // of the cache

    private readonly UringLoop _loop;
    private readonly int _files;
    private readonly Ring _ring;
    private readonly Stack<int> _free = new();
    private UringConnection?[] _connections = [];
    private int _used;

    /// <param name="wake">An event file that news is to signal; null for none.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">
    /// The system has no such rings, or bars them.
    /// </exception>
    public LoopRing(UringLoop loop, UringSizes sizes, int? wake)
    {
        (_loop, _files) = (loop, sizes.Files);
        _ring = new Ring(sizes.Entries);
        try
        {
            if (wake is { } file)
                _ring.SetEvent(file);
            _ring.RegisterFiles((uint)sizes.Files);
            Buffers = new RingBuffers(_ring, sizes.Buffers, sizes.BufferBytes);
        }
        catch
        {
            _ring.Close();
            throw;
        }
    }

    /// <summary>What the kernel receives into where nothing was there before.</summary>
    public RingBuffers Buffers { get; }

    public bool HasRoom => _used < _files || _free.Count > 0;

    /// <summary>Entries that have not completed.</summary>
    public int UnderWay { get; private set; }

    public bool HasNews => _ring.HasNews;

    public bool HasUnsubmitted => _ring.Unsubmitted > 0;

    /// <inheritdoc cref="Ring.WantsEvent"/>
    public bool WantsEvent
    {
        set => _ring.WantsEvent = value;
    }

    public void Enable() => _ring.Enable();

    /// <inheritdoc cref="Ring.Enter"/>
    public void Enter(bool waits) => _ring.Enter(waits);

    /// <summary>Makes the socket a registered file, where there is room for it.</summary>
    /// <returns>Its slot, or -1 and the error.</returns>
    public (int Slot, int Error) Register(UringConnection connection, int file)
    {
        if (!_free.TryPop(out var slot))
            slot = _used++;
        if (slot >= _connections.Length)
            Array.Resize(ref _connections, Math.Min(Math.Max(64, 2 * slot), _files));
        var error = _ring.SetFile(slot, file);
        if (error == 0)
        {
            _connections[slot] = connection;
            return (slot, 0);
        }
        _free.Push(slot);
        return (-1, error);
    }

    /// <summary>Nothing of the slot is under way, and its file is closed.</summary>
    public void Release(int slot)
    {
        _connections[slot] = null;
        _free.Push(slot);
    }

    public void Visit(int first, int step, Action<LoopConnection> visit)
    {
        for (var block = first * SlotsOfLine; block < _used; block += step * SlotsOfLine)
        {
            var end = Math.Min(block + SlotsOfLine, _used);
            for (var slot = block; slot < end; slot++)
            {
                if (_connections[slot] is { } connection)
                    visit(connection);
            }
        }
    }

    /// <summary>
    /// An entry for a connection's file; it goes to the kernel at the end of the turn, and its
    /// result to the connection.
    /// </summary>
    public ref RingEntry Next(RingUse use, int slot)
    {
        UnderWay++;
        ref var entry = ref _ring.Next();
        entry.Data = DataOf(use, slot);
        entry.Flags = RingEntry.FixedFile;
        entry.File = slot;
        return ref entry;
    }

    /// <summary>Has the kernel give up what is under way for it; its result says so.</summary>
    public void Cancel(RingUse use, int slot) =>
        Cancel(ref Next(RingUse.Cancel, slot), use, slot);

    /// <summary>Watches a file of the process.</summary>
    public void Poll(RingUse use, int index, int file)
    {
        ref var entry = ref Next(use, index);
        entry.Operation = RingOperation.PollAdd;
        entry.Flags = 0;
        entry.File = file;
        entry.Length = RingEntry.PollMany;
        entry.OperationFlags = PollIn;
    }

    /// <summary>Ends a watch; the kernel has let go of the file when it returns.</summary>
    public void CancelPoll(RingUse use, int index)
    {
        Cancel(ref Next(RingUse.Forget, 0), use, index);
        Enter(waits: false);
    }

    public void CancelAll()
    {
        ref var entry = ref Next(RingUse.Forget, 0);
        entry.Operation = RingOperation.Cancel;
        entry.Flags = 0;
        entry.OperationFlags = CancelAny | CancelAllFlag;
    }

    /// <summary>Serves what has completed; false where nothing had.</summary>
    public bool Serve()
    {
        var any = false;
        while (_ring.TryTake(out var result))
        {
            any = true;
            if (!result.GoesOn)
                UnderWay--;
            var (use, index) = ((RingUse)(result.Data >> UseShift), (int)(uint)result.Data);
            if (use is RingUse.Wake or RingUse.Watch)
                _loop.OnPolled(this, use, index, result);
            else if (use != RingUse.Forget)
                _connections[index]!.OnCompleted(use, result);
        }
        return any;
    }

    public void Close()
    {
        _ring.Close();
        // What the kernel may still write to stays.
        if (UnderWay == 0)
            Buffers.Free();
    }

    private static void Cancel(ref RingEntry entry, RingUse use, int index)
    {
        entry.Operation = RingOperation.Cancel;
        entry.Flags = 0;
        entry.File = -1;
        entry.Address = DataOf(use, index);
    }

    private static ulong DataOf(RingUse use, int index) => (ulong)use << UseShift | (uint)index;
}
