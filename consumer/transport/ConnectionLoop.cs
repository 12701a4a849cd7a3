using System.Buffers;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.IO.Pipelines;
using System.Net;

namespace TradeProcessor.Consumer.Transport;

/// <summary>What a <see cref="ConnectionLoop"/> tells of a file that it watches.</summary>
internal interface IWatcher
{
    /// <summary>Something has come since it was last told; told by edge.</summary>
    void OnReadable();
}

/// <summary>
/// A thread that waits for many sockets and serves them: (1) what other threads asked it to run,
/// (2) what the kernel has ready, (3) once nothing more is ready, what was to be run at rest.
/// Nothing that blocks may run on it.
/// </summary>
internal abstract class ConnectionLoop : PipeScheduler, IDisposable
{
    /// <summary>Of a second: none of them keeps requests waiting for long.</summary>
    public const int BeatParts = 50;

    private const int BlockBytes = 1 << 12;
    private const int SmallBytes = 1 << 9; // an answer or two

    // The answers of a turn of a busy loop; the shared pool keeps some 60 of them. Where the log was
    // slow, those of all that waited for it go out in one turn.
    private const int KeptBlocks = 1024;
    private const int KeptSmall = 8192;

    private readonly ConcurrentQueue<(Action<object?> Run, object? State)> _asked = new();
    private readonly List<(Action<object?> Run, object? State)> _atRest = [];
    private readonly Stack<byte[]> _blocks = new();
    private readonly Stack<byte[]> _small = new();
    private readonly HashSet<LoopConnection> _pressing = [];
    private readonly Thread _thread;
    private int _part;
    private volatile int _calmSeconds = 1;
    private int _isAsleep;
    private volatile bool _isStopping;

    protected ConnectionLoop(string name) =>
        _thread = new Thread(Run) { IsBackground = true, Name = name };

    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>An event file: a write to it ends the loop's sleep.</summary>
    protected int WakeFile { get; } = Check(Sys.CreateEvent());

    protected bool HasAsked => !_asked.IsEmpty;

    public override void Schedule(Action<object?> action, object? state)
    {
        _asked.Enqueue((action, state));
        if (Interlocked.Exchange(ref _isAsleep, 0) == 1)
            Sys.Signal(WakeFile);
    }

    /// <summary>Runs it as soon as nothing is ready; to be called on the loop itself.</summary>
    public void ScheduleAtRest(Action<object?> action, object? state) =>
        _atRest.Add((action, state));

    /// <summary>
    /// To be called every second divided by <see cref="BeatParts"/>: each connection that is
    /// watched gets one beat a second where that presses, and one in so many seconds where it does
    /// not. Most of very many wait for their next request, and a visit to half a million of a loop,
    /// none of them in the processor's cache, takes 100 ms.
    /// </summary>
    public void Beat(int calmSeconds)
    {
        _calmSeconds = calmSeconds;
        Schedule(static state => ((ConnectionLoop)state!).BeatNow(), this);
    }

    /// <summary>The connection's watch has become pressing; from any thread.</summary>
    public void Press(LoopConnection connection)
    {
        if (IsCurrent)
        {
            _ = _pressing.Add(connection);
            return;
        }
        Schedule(
            static state =>
            {
                var connection = (LoopConnection)state!;
                connection.Loop.Press(connection);
            },
            connection);
    }

    /// <summary>
    /// Goes over its connections, or every so many of them from a first one on; only on the loop
    /// itself.
    /// </summary>
    public abstract void Visit(int first, int step, Action<LoopConnection> visit);

    /// <summary>Takes room for one more connection; false where there is none.</summary>
    public abstract bool TryReserve();

    /// <summary>Gives back room that no connection was made for.</summary>
    public abstract void Unreserve();

    /// <summary>Serves a socket from now on, in the room reserved for it.</summary>
    /// <param name="file">The loop's own from here on, also to close it.</param>
    public abstract LoopConnection Take(int file, PeerAddress peer, EndPoint local);

    /// <summary>Watches a file that listens; only on the loop itself.</summary>
    /// <returns>Names it to <see cref="Unwatch"/>.</returns>
    public abstract int Watch(IWatcher watcher, int file);

    /// <summary>Forgets a file that is about to be closed; only on the loop itself.</summary>
    public abstract void Unwatch(int watched);

    /// <summary>A block of at least so many bytes; from any thread.</summary>
    /// <param name="least">0 where that is not known.</param>
    public byte[] RentBlock(int least)
    {
        var (bytes, kept) = least is > 0 and <= SmallBytes
            ? (SmallBytes, _small)
            : (Math.Max(BlockBytes, least), _blocks);
        return bytes <= BlockBytes && IsCurrent && kept.TryPop(out var block)
            ? block
            : ArrayPool<byte>.Shared.Rent(bytes);
    }

    /// <summary>Takes a block of the loop or of the shared pool; from any thread.</summary>
    public void ReturnBlock(byte[] block)
    {
        if (block.Length == BlockBytes && IsCurrent && _blocks.Count < KeptBlocks)
            _blocks.Push(block);
        else if (block.Length == SmallBytes && IsCurrent && _small.Count < KeptSmall)
            _small.Push(block);
        else
            ArrayPool<byte>.Shared.Return(block);
    }

    /// <summary>Ends the thread once what was asked of it is done.</summary>
    public void Dispose()
    {
        _isStopping = true;
        Sys.Signal(WakeFile);
        _thread.Join();
        Sys.Close(WakeFile);
    }

    /// <summary>To be called last by the constructor.</summary>
    protected void Start() => _thread.Start();

    /// <summary>On the thread, before all else.</summary>
    protected virtual void Open()
    {
    }

    /// <summary>Serves what is ready without waiting; false where nothing was.</summary>
    protected abstract bool Poll();

    /// <summary>Looks for what is ready, and waits for it if that is asked for.</summary>
    protected abstract void Wait(bool sleeps);

    /// <summary>Serves what was found; false where there was nothing.</summary>
    protected abstract bool Serve();

    /// <summary>On the thread, at its end.</summary>
    protected abstract void Close();

    protected static int Check(int result) =>
        result >= 0 ? result : throw new Win32Exception(Sys.LastError);

    private void BeatNow()
    {
        var calmSeconds = _calmSeconds;
        if (_part % BeatParts == 0)
            _ = _pressing.RemoveWhere(static connection => !BeatIfPressing(connection));
        Visit(_part, BeatParts * calmSeconds, connection =>
        {
            if (connection.Watch is { IsPressing: false } calm)
                calm.Beat(calmSeconds);
        });
        _part = (_part + 1) % (BeatParts * calmSeconds);
    }

    private static bool BeatIfPressing(LoopConnection connection)
    {
        if (connection.Watch is not { } watch)
            return false;
        watch.Beat(1);
        return watch.IsPressing;
    }

    private void Run()
    {
        Open();
        while (true)
        {
            RunAsked();
            if (_isStopping && _asked.IsEmpty)
                break;
            if (!Poll() && _asked.IsEmpty && !RunAtRest())
                Sleep();
        }
        Close();
    }

    private void Sleep()
    {
        // Asleep first and then a look: whoever asks in between either sees that it sleeps or is
        // seen.
        _ = Interlocked.Exchange(ref _isAsleep, 1);
        Wait(_asked.IsEmpty && !_isStopping);
        Volatile.Write(ref _isAsleep, 0);
        _ = Serve();
    }

    // False where there was nothing to run.
    private bool RunAtRest()
    {
        if (_atRest.Count == 0)
            return false;
        for (var i = 0; i < _atRest.Count; i++)
            _atRest[i].Run(_atRest[i].State);
        _atRest.Clear();
        return true;
    }

    // No more than was there at the start, so that what asks again and again lets sockets in.
    private void RunAsked()
    {
        for (var left = _asked.Count; left > 0 && _asked.TryDequeue(out var asked); left--)
            asked.Run(asked.State);
    }
}
