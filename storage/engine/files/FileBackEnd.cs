using Microsoft.Extensions.Logging;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Where the counting begins when the store is opened.</summary>
internal enum StartFrom
{
    /// <summary>At the newest whole snapshot: the usual start.</summary>
    NewestSnapshot,

    /// <summary>
    /// At the earliest frame, or at the oldest snapshot that the log still follows: a rebuild.
    /// </summary>
    EarliestFrame,
}

/// <summary>
/// One directory: its lock, journal, snapshots and what is counted in memory. Nobody else may have
/// it open.
/// </summary>
internal sealed partial class FileBackEnd : IDisposable
{
    private readonly StorageOptions _options;
    private readonly TimeProvider _time;
    private readonly FileStream _lock;
    private readonly Lock _snapshotGate = new();
    private readonly Lock _appendGate = new();
    private long _snapshotPosition;
    private long _snapshotRejects;

    /// <exception cref="StartRefusedException">The directory is in use or damaged.</exception>
    public FileBackEnd(
        StorageOptions options,
        CellRetention retention,
        TimeProvider time,
        ILogger<FileBackEnd> logger,
        StartFrom startFrom = StartFrom.NewestSnapshot,
        Func<string, JournalFile>? openFile = null)
    {
        _options = options;
        _time = time;
        LogDirectory = CreateDirectory("log");
        var snapshotDirectory = CreateDirectory("snapshots");
        _ = CreateDirectory("dead");
        _lock = TakeLock();
        try
        {
            AtomicFile.DeleteLeftovers(snapshotDirectory);
            Dead = new DeadFiles(options.Path);
            Snapshots = new SnapshotCatalog(snapshotDirectory, logger);
            var newest = Snapshots.ReadNewest();
            var rebuild = startFrom == StartFrom.EarliestFrame;
            var found = new KeyIndex(options.IdempotencyKeys);
            var opened = JournalOpening.Open(
                LogDirectory, rebuild ? null : newest?.Position, time, found);
            var state = Choose(startFrom, opened, newest);
            Keys = new KeyIndex(options.IdempotencyKeys);
            Keys.Add(state?.Keys);
            Keys.Add(found.ToArray());
            var journalOptions = new JournalOptions(
                LogDirectory, options.SegmentBytes, TimeSpan.FromMilliseconds(250));
            Journal = new Journal(journalOptions, opened, time, openFile);
            Dead.Settle(Journal);
            Store = new FileStore(Journal.Id, state, options, retention, time);
            Store.Logged(opened.EndPosition, opened.LastReceivedAtTicks);
            _snapshotPosition = rebuild ? -1 : Store.Position;
            _snapshotRejects = Store.RejectedTotal;
            Log.Opened(
                logger, options.Path, opened.EndPosition, opened.EndPosition - Store.Position);
            if (opened.CutBytes > 0)
                Log.TailCut(logger, opened.CutBytes, opened.EndPosition);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    public Journal Journal { get; }

    public string LogDirectory { get; }

    public FileStore Store { get; }

    public SnapshotCatalog Snapshots { get; }

    public DeadFiles Dead { get; }

    public long UtcTicks => _time.GetUtcNow().UtcTicks;

    /// <summary>Of all that is in the log, as far as they are remembered.</summary>
    public KeyIndex Keys { get; }

    /// <summary>
    /// Held by whoever uses <see cref="Keys"/>: from before a frame is appended until its keys are
    /// in there, so that a snapshot has the keys of all that it counts.
    /// </summary>
    public Lock KeysGate { get; } = new();

    /// <summary>Log bytes that a start would have to replay now.</summary>
    public long BytesSinceSnapshot => Store.Position - Volatile.Read(ref _snapshotPosition);

    /// <summary>Whether a snapshot would hold anything that the newest one does not.</summary>
    public bool HasChanges =>
        BytesSinceSnapshot != 0 || Store.RejectedTotal != Volatile.Read(ref _snapshotRejects);

    /// <summary>
    /// Appends a frame to the journal; returns when it is flushed. The store hears of frames in
    /// their order, whoever appends.
    /// </summary>
    /// <exception cref="LogUnavailableException">The frame is not in the journal.</exception>
    public void Append(ReadOnlySpan<byte> frame, long receivedAtTicks)
    {
        lock (_appendGate)
        {
            Journal.Append(frame, receivedAtTicks);
            Store.Logged(Journal.DurablePosition, receivedAtTicks);
        }
    }

    /// <summary>Writes what is counted, then lets go of history that is no longer kept.</summary>
    /// <exception cref="IOException">The snapshot could not be written; the one before stands.</exception>
    public void TakeSnapshot()
    {
        lock (_snapshotGate)
        {
            if (!HasChanges)
                return;
            var state = Capture();
            Snapshots.Write(state);
            Volatile.Write(ref _snapshotPosition, state.Position);
            Volatile.Write(ref _snapshotRejects, state.Rejects.Total);
            TrimHistory();
        }
    }

    public void Dispose()
    {
        Journal.Dispose();
        _lock.Dispose();
    }

    /// <summary>The keys after the rest: they are those of every frame that is counted.</summary>
    private StoreState Capture()
    {
        var state = Store.Capture();
        lock (KeysGate)
            return state with { Keys = Keys.ToArray() };
    }

    private void TrimHistory()
    {
        var start = HistoryPolicy.LogStart(
            Journal.Segments,
            Snapshots.Positions,
            Journal.DurablePosition,
            _options,
            _time.GetUtcNow().UtcDateTime);
        if (start is { } position)
        {
            Journal.DeleteBefore(position);
            var begin = Journal.Segments[0].BasePosition;
            Snapshots.Delete(Snapshots.Positions.Where(snapshot => snapshot < begin));
        }
        Snapshots.Delete(HistoryPolicy.SnapshotsToDelete(Snapshots.Positions, _options.RetainBytes));
    }

    private StoreState? Choose(StartFrom startFrom, OpenedJournal opened, StoreState? newest)
    {
        var first = opened.Segments[0];
        if (newest is not null && newest.JournalId != first.JournalId)
        {
            throw new StartRefusedException(
                $"The snapshots in '{_options.Path}' are of another journal than its log. "
                + "Restore both from the same copy.");
        }
        if (startFrom == StartFrom.NewestSnapshot || first.BasePosition > 0)
        {
            var state = startFrom == StartFrom.NewestSnapshot
                ? newest
                : Snapshots.ReadOldest(first.BasePosition);
            return state is not null || first.BasePosition == 0
                ? state
                : throw new StartRefusedException(
                    $"The log in '{_options.Path}' begins at position {first.BasePosition}, "
                    + "but there is no whole snapshot of what came before. "
                    + "Restore the snapshots from a copy.");
        }
        // From nothing; but refused trades stand in no log, so they are taken over.
        return newest is null ? null : new StoreState(
            first.JournalId, 0, 0, 0, 0, [[], [], [], []], [], newest.Rejects, []);
    }

    private string CreateDirectory(string name)
    {
        var path = System.IO.Path.Combine(_options.Path, name);
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"Storage:Path = '{_options.Path}': {exception.Message}", exception);
        }
    }

    private FileStream TakeLock()
    {
        var path = System.IO.Path.Combine(_options.Path, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"Storage:Path = '{_options.Path}' is in use by another process. "
                + "Stop that one or choose another directory.",
                exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "Opened {Path}: {EndPosition} bytes of log, {ReplayBytes} of them to be counted anew")]
        public static partial void Opened(
            ILogger logger, string path, long endPosition, long replayBytes);

        [LoggerMessage(2, LogLevel.Warning,
            "Cut {CutBytes} bytes of an unfinished write off the log at position {EndPosition}")]
        public static partial void TailCut(ILogger logger, long cutBytes, long endPosition);
    }
}
