using System.ComponentModel;
using System.Net;
using System.Runtime.InteropServices;
using TradeProcessor.Consumer.Transport;
using TradeProcessor.Load.Epoll;
using TradeProcessor.Load.Http;

namespace TradeProcessor.Load.Crowd;

/// <summary>
/// Over rings of io_uring, each of which has as many registered files as the process may have open
/// ones: one process a processor holds all of its half, wakes up for many of them at once, and asks
/// the kernel for many sends with one call.
/// </summary>
internal sealed class RingSockets : CrowdSockets
{
    private const int Entries = 128;
    private const int Buffers = 64; // of the answers that come in a turn
    private const int BufferBytes = 512;
    private const int UseShift = 32;
    private const uint NoSignalAndAll = 0x4000 | 0x100; // MSG_NOSIGNAL, MSG_WAITALL

    private readonly Ring[] _rings;
    private readonly RingBuffers[] _buffers;
    private readonly int _perRing;
    private readonly int _event = Sys.CreateEvent();
    private readonly EpollSet _sleep = new();

    /// <inheritdoc cref="CrowdSockets(LoadOptions, Target, Func{int, IPAddress?}, long)"/>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public RingSockets(
        LoadOptions options, Target target, Func<int, IPAddress?> source, long firstTrade)
        : base(options, target, source, firstTrade)
    {
        var count = (int)Math.Ceiling((double)Size / Sys.OpenFilesLimit());
        _perRing = (Size + count - 1) / count;
        _rings = new Ring[count];
        _buffers = new RingBuffers[count];
        for (var i = 0; i < count; i++)
        {
            _rings[i] = new Ring(Entries);
            _rings[i].SetEvent(_event);
            _rings[i].RegisterFiles((uint)_perRing);
            _buffers[i] = new RingBuffers(_rings[i], Buffers, BufferBytes);
            _rings[i].Enable();
        }
        _sleep.Add(_event, 0);
    }

    private enum Use : byte
    {
        Receive,
        Send,

        /// <summary>Nobody asks what became of it.</summary>
        Forget,
    }

    /// <summary>Whether the system has rings as they are needed.</summary>
    public static bool ArePossible
    {
        get
        {
            if (!OperatingSystem.IsLinux())
                return false;
            try
            {
                new Ring(Entries).Close();
                return true;
            }
            catch (Win32Exception)
            {
                return false;
            }
        }
    }

    public override void Turn(TimeSpan timeout)
    {
        if (Serve())
            return;
        foreach (var ring in _rings)
            ring.WantsEvent = true;
        Interlocked.MemoryBarrier();
        if (!_rings.Any(static ring => ring.HasNews))
            _ = _sleep.Wait(timeout);
        foreach (var ring in _rings)
            ring.WantsEvent = false;
        _ = Serve();
    }

    public override void Dispose()
    {
        foreach (var ring in _rings)
            ring.Close();
        _sleep.Dispose();
        Sys.Close(_event);
    }

    protected override bool TryOpen(int connection, IPAddress? source)
    {
        var socket = RawSocket.Open(EndPoint, source);
        if (socket < 0)
            return false;
        var error = _rings[connection / _perRing].SetFile(connection % _perRing, socket);
        _ = Libc.Close(socket);
        return error == 0 ? true : throw new Win32Exception(error);
    }

    // The kernel waits for the connect first.
    protected override void Begin(Flight flight)
    {
        Receive(flight.Connection);
        Send(flight);
    }

    protected override void Send(Flight flight)
    {
        var request = flight.Request ??=
            GC.AllocateUninitializedArray<byte>(MaxRequestBytes, pinned: true);
        ref var entry = ref Next(Use.Send, flight.Connection, flight.Index);
        entry.Operation = RingOperation.Send;
        entry.Address = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(request, 0);
        entry.Length = (uint)WriteRequest(request);
        entry.OperationFlags = NoSignalAndAll;
        flight.IsSending = true;
    }

    protected override void CloseSocket(int connection)
    {
        ref var cancel = ref Next(Use.Forget, connection, 0);
        cancel.Operation = RingOperation.Cancel;
        cancel.OperationFlags = RingEntry.CancelAllOfFile;
        ref var close = ref Next(Use.Forget, connection, 0);
        close.Operation = RingOperation.Close;
        close.Flags = 0;
        close.File = 0;
        close.FileIndex = (uint)(connection % _perRing) + 1;
    }

    private void Receive(int connection)
    {
        ref var entry = ref Next(Use.Receive, connection, connection);
        entry.Operation = RingOperation.Receive;
        entry.Flags |= RingEntry.ProvidedBuffer;
        entry.Priority = RingEntry.ReceiveMany;
    }

    private ref RingEntry Next(Use use, int connection, int index)
    {
        ref var entry = ref _rings[connection / _perRing].Next();
        entry.Data = (ulong)use << UseShift | (uint)index;
        entry.Flags = RingEntry.FixedFile;
        entry.File = connection % _perRing;
        return ref entry;
    }

    /// <returns>Whether anything but sends has ended.</returns>
    private bool Serve()
    {
        var any = false;
        for (var i = 0; i < _rings.Length; i++)
        {
            var ring = _rings[i];
            if (!ring.HasNews && ring.Unsubmitted == 0)
                continue;
            ring.Enter(waits: false);
            while (ring.TryTake(out var result))
                any |= Serve(_buffers[i], result);
        }
        return any;
    }

    private bool Serve(RingBuffers buffers, in RingResult result)
    {
        var index = (int)(uint)result.Data;
        switch ((Use)(result.Data >> UseShift))
        {
            case Use.Send:
                var flight = FlightAt(index);
                OnSent(flight);
                if (result.Result < 0 && flight.Connection != None)
                    Close(flight.Connection);
                return result.Result < 0;
            case Use.Receive:
                OnReceived(index, buffers, result);
                return true;
            default:
                return false;
        }
    }

    private void OnReceived(int connection, RingBuffers buffers, in RingResult result)
    {
        if (result.Buffer != None)
        {
            if (result.Result > 0 && IsOpen(connection))
            {
                OnReceived(connection, buffers.Array.AsSpan(
                    result.Buffer * buffers.Bytes, result.Result));
            }
            buffers.GiveBack(result.Buffer);
        }
        if (!IsOpen(connection) || result.GoesOn)
            return;
        if (result.Result > 0 || result.Result == -Sys.ErrorNoBuffers)
            Receive(connection);
        else if (FlightOf(connection) is { } flight)
            _ = TryLand(flight, ended: true);
        else
            Close(connection);
    }

    private void OnReceived(int connection, ReadOnlySpan<byte> bytes)
    {
        if (FlightOf(connection) is not { } flight)
        {
            Close(connection); // an answer to nothing
            return;
        }
        while (bytes.Length > 0)
        {
            var taken = Math.Min(bytes.Length, flight.Free.Length);
            bytes[..taken].CopyTo(flight.Free);
            flight.Length += taken;
            bytes = bytes[taken..];
        }
        _ = TryLand(flight, ended: false);
    }
}
