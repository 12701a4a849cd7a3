using System.ComponentModel;

namespace TradeProcessor.Consumer.Transport;

/// <summary>
/// An io_uring: entries that ask the kernel for something, and results. All but the constructor
/// belongs to the thread that called <see cref="Enable"/>.
/// </summary>
internal sealed unsafe class Ring
{
    // Of one turn of a busy loop; the kernel keeps what does not fit (IORING_FEAT_NODROP).
    private const uint ResultsOfEntry = 4;

    private const uint WantedFlags =
        1 << 3      // CQSIZE
        | 1 << 6    // R_DISABLED: made here, used by the loop's thread
        | 1 << 7    // SUBMIT_ALL
        | 1 << 9    // TASKRUN_FLAG: what is ready shows without a call
        | 1 << 12   // SINGLE_ISSUER
        | 1 << 13;  // DEFER_TASKRUN: sockets get ready without interrupting the loop

    private const uint NeededFeatures =
        1 << 0      // SINGLE_MMAP
        | 1 << 1    // NODROP
        | 1 << 2;   // SUBMIT_STABLE

    private const uint HasNewsFlags =
        1 << 1      // IORING_SQ_CQ_OVERFLOW
        | 1 << 2;   // IORING_SQ_TASKRUN

    private const uint EventDisabled = 1 << 0; // IORING_CQ_EVENTFD_DISABLED

    private const long EntriesOffset = 0x10000000;

    private readonly int _file;
    private readonly byte* _shared;
    private readonly nuint _sharedBytes;
    private readonly RingEntry* _entries;
    private readonly uint _entriesMask;
    private readonly uint* _entriesHead;
    private readonly uint* _entriesTail;
    private readonly uint* _entriesFlags;
    private readonly RingResult* _results;
    private readonly uint _resultsMask;
    private readonly uint* _resultsHead;
    private readonly uint* _resultsTail;
    private readonly uint* _resultsFlags;
    private uint _tail;
    private uint _head;

    /// <param name="entries">A power of two. Full, they are submitted early.</param>
    /// <exception cref="Win32Exception">The system has no such rings, or bars them.</exception>
    public Ring(uint entries)
    {
        var parameters = new RingParameters
        {
            Flags = WantedFlags,
            Results = entries * ResultsOfEntry,
        };
        _file = Check(RingCalls.Setup(entries, &parameters));
        if ((parameters.Features & NeededFeatures) != NeededFeatures)
        {
            Sys.Close(_file);
            throw new Win32Exception(Sys.ErrorNotImplemented);
        }
        _sharedBytes = Math.Max(
            parameters.EntriesOrder + parameters.Entries * sizeof(uint),
            parameters.ResultsAt + parameters.Results * (uint)sizeof(RingResult));
        _shared = RingCalls.Map(_file, _sharedBytes, 0);
        _entries = (RingEntry*)RingCalls.Map(_file, EntriesBytes(parameters), EntriesOffset);
        if (_shared is null || _entries is null)
        {
            var error = Sys.LastError;
            Sys.Close(_file);
            throw new Win32Exception(error);
        }
        _entriesMask = parameters.Entries - 1;
        _entriesHead = (uint*)(_shared + parameters.EntriesHead);
        _entriesTail = (uint*)(_shared + parameters.EntriesTail);
        _entriesFlags = (uint*)(_shared + parameters.EntriesFlags);
        _results = (RingResult*)(_shared + parameters.ResultsAt);
        _resultsMask = parameters.Results - 1;
        _resultsHead = (uint*)(_shared + parameters.ResultsHead);
        _resultsTail = (uint*)(_shared + parameters.ResultsTail);
        _resultsFlags = (uint*)(_shared + parameters.ResultsFlags);
        var order = (uint*)(_shared + parameters.EntriesOrder);
        for (var i = 0u; i < parameters.Entries; i++)
            order[i] = i;
    }

    /// <summary>Entries that the kernel has not seen.</summary>
    public uint Unsubmitted => _tail - Volatile.Read(ref *_entriesHead);

    /// <summary>Whether <see cref="Enter"/> would find something without waiting.</summary>
    public bool HasNews =>
        HasResults || (Volatile.Read(ref *_entriesFlags) & HasNewsFlags) != 0;

    private bool HasResults => _head != Volatile.Read(ref *_resultsTail);

    /// <summary>Makes the calling thread the one that uses it.</summary>
    public void Enable() => Register(RingCalls.RegisterEnable, null, 0);

    /// <summary>Has the event file signalled when there is news, while that is wanted.</summary>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public void SetEvent(int file)
    {
        WantsEvent = false;
        Register(RingCalls.RegisterEvent, &file, 1);
    }

    /// <summary>
    /// Whether news signals the event file. Only what comes after a fence behind the setting does
    /// so for certain: look at <see cref="HasNews"/> then.
    /// </summary>
    public bool WantsEvent
    {
        set => Volatile.Write(ref *_resultsFlags, value ? 0 : EventDisabled);
    }

    /// <exception cref="Win32Exception">The system refuses.</exception>
    public void Register(int what, void* argument, uint count) =>
        _ = Check(RingCalls.Register(_file, what, argument, count));

    /// <summary>Room for registered files; the limit of open files is that of each ring.</summary>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public void RegisterFiles(uint count)
    {
        var sparse = stackalloc ulong[4] { count | 1ul << 32, 0, 0, 0 }; // RSRC_REGISTER_SPARSE
        Register(RingCalls.RegisterFiles, sparse, 4 * sizeof(ulong));
    }

    /// <summary>Registers the file in a free slot; it stays open in the process too.</summary>
    /// <returns>0, or the error.</returns>
    public int SetFile(int slot, int file)
    {
        var update = stackalloc ulong[2] { (uint)slot, (ulong)&file };
        return RingCalls.Register(_file, RingCalls.RegisterFilesUpdate, update, 1) < 0
            ? Sys.LastError
            : 0;
    }

    /// <summary>The next entry, empty; submitted by the next <see cref="Enter"/>.</summary>
    public ref RingEntry Next()
    {
        while (_tail - Volatile.Read(ref *_entriesHead) > _entriesMask)
            Enter(waits: false);
        ref var entry = ref _entries[_tail++ & _entriesMask];
        entry = default;
        return ref entry;
    }

    /// <summary>
    /// Submits, waits for a result if asked for, and lets the kernel bring what it has. A signal
    /// ends the wait early.
    /// </summary>
    public void Enter(bool waits)
    {
        Volatile.Write(ref *_entriesTail, _tail);
        var done = RingCalls.Enter(
            _file, Unsubmitted, waits ? 1u : 0u, RingCalls.WaitForEvents);
        if (done < 0 && Sys.LastError is not (Sys.ErrorInterrupted or Sys.ErrorAgain
            or Sys.ErrorBusy or Sys.ErrorTime))
        {
            throw new Win32Exception(Sys.LastError);
        }
    }

    public bool TryTake(out RingResult result)
    {
        if (!HasResults)
        {
            result = default;
            return false;
        }
        result = _results[_head++ & _resultsMask];
        Volatile.Write(ref *_resultsHead, _head);
        return true;
    }

    /// <summary>Ends it; what is under way is cancelled by the kernel some time later.</summary>
    public void Close()
    {
        RingCalls.Unmap((byte*)_entries, (_entriesMask + 1) * (nuint)sizeof(RingEntry));
        RingCalls.Unmap(_shared, _sharedBytes);
        Sys.Close(_file);
    }

    private static nuint EntriesBytes(in RingParameters parameters) =>
        parameters.Entries * (nuint)sizeof(RingEntry);

    private static int Check(int result) =>
        result >= 0 ? result : throw new Win32Exception(Sys.LastError);
}
