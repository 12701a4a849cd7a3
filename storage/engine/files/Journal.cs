using System.Collections.Immutable;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>
/// Segmented append-only log of frames. One append at a time; what was appended is flushed before
/// <see cref="Append"/> returns, and only then do readers see it. A failed write or flush closes
/// the journal until it has been reopened, cut back to what was flushed, and verified: a flush is
/// never tried again, because the system may have dropped the pages that it could not write.
/// </summary>
internal sealed class Journal : IDisposable
{
    // Allocated at a time: a third of a second at the highest rate seen.
    private const long RoomBytes = 16 << 20;

    // Zeros written at a time ahead of small frames: the first flush of room that was only
    // allocated must also write that it is in use, which is a write of its own (bench "append").
    // For a large frame that is little, and zeros would double what is written.
    private const int ClearBytes = 128 << 10;
    private const int LargestSmall = 16 << 10;

    private static readonly byte[] Zeros = new byte[ClearBytes];

    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<string, JournalFile> _openFile;
    private readonly Lock _gate = new();

    private ImmutableList<Segment> _segments;
    private JournalFile? _file; // null: failed, see _failure
    private long _allocatedEnd; // offset in the last segment up to which there is room
    private long _writtenEnd;   // and up to which it has been written, if only with zeros
    private bool _allocates = true;
    private bool _flushFailed;
    private string _failure = "";
    private long _retryAt;
    private long _durablePosition;

    public Journal(
        JournalOptions options,
        OpenedJournal opened,
        TimeProvider time,
        Func<string, JournalFile>? openFile = null)
    {
        _options = options;
        _time = time;
        _openFile = openFile ?? (path => new JournalFile(path));
        _segments = [.. opened.Segments];
        _durablePosition = opened.EndPosition;
        LastReceivedAtTicks = opened.LastReceivedAtTicks;
        _file = _openFile(_segments[^1].Path);
    }

    /// <summary>Called after each append and once the journal is closed.</summary>
    public event Action? Advanced;

    public Guid Id => _segments[0].JournalId;

    /// <summary>All bytes before it are on the disk and whole.</summary>
    public long DurablePosition => Volatile.Read(ref _durablePosition);

    /// <summary>Time of receipt of the newest frame; 0 where none is known.</summary>
    public long LastReceivedAtTicks { get; private set; }

    public ImmutableList<Segment> Segments => Volatile.Read(ref _segments);

    /// <summary>Why the journal takes no frames now; null where it does.</summary>
    public string? Failure => Volatile.Read(ref _file) is null ? _failure : null;

    /// <exception cref="LogUnavailableException">The frame is not in the journal.</exception>
    public void Append(ReadOnlySpan<byte> frame, long receivedAtTicks)
    {
        lock (_gate)
        {
            var file = _file ?? Reopen();
            var flushing = false;
            try
            {
                var segment = _segments[^1];
                if (segment.OffsetOf(_durablePosition) >= _options.SegmentBytes)
                {
                    file = Roll();
                    segment = _segments[^1];
                }
                var offset = segment.OffsetOf(_durablePosition);
                if (_allocates && offset + frame.Length > _allocatedEnd)
                    Allocate(file, offset, frame.Length);
                file.Write(frame, offset);
                if (frame.Length <= LargestSmall)
                    Clear(file, offset + frame.Length);
                flushing = true;
                file.Sync();
            }
            catch (Exception exception)
                when (exception is IOException or UnauthorizedAccessException)
            {
                throw Fail(exception, flushing);
            }
            LastReceivedAtTicks = receivedAtTicks;
            Volatile.Write(ref _durablePosition, _durablePosition + frame.Length);
        }
        Advanced?.Invoke();
    }

    /// <summary>Mends a journal that failed, if its time has come.</summary>
    /// <exception cref="LogUnavailableException">It still fails.</exception>
    public void EnsureOpen()
    {
        lock (_gate)
            _ = _file ?? Reopen();
    }

    /// <summary>Deletes closed segments that end at or before the position.</summary>
    public void DeleteBefore(long position)
    {
        lock (_gate)
        {
            while (_segments.Count > 1 && _segments[1].BasePosition <= position)
            {
                File.Delete(_segments[0].Path);
                _segments = _segments.RemoveAt(0);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            TrimAtEnd();
            _file?.Dispose();
            _file = null;
            _failure = "the journal is closed";
            _retryAt = long.MaxValue;
        }
        Advanced?.Invoke();
    }

    private void Allocate(JournalFile file, long offset, int bytes)
    {
        var room = Math.Min(RoomBytes, _options.SegmentBytes);
        _allocates = file.TryAllocate(offset, bytes + room);
        if (_allocates)
            _allocatedEnd = offset + bytes + room;
    }

    private void Clear(JournalFile file, long offset)
    {
        if (offset <= _writtenEnd || !_allocates)
            return;
        var bytes = (int)Math.Min(ClearBytes, _allocatedEnd - offset);
        file.Write(Zeros.AsSpan(0, bytes), offset);
        _writtenEnd = offset + bytes;
    }

    private void TrimRoom(JournalFile file)
    {
        if (_allocatedEnd == 0)
            return;
        file.Truncate(_segments[^1].OffsetOf(_durablePosition));
        file.Sync();
        _allocatedEnd = _writtenEnd = 0;
    }

    private void TrimAtEnd()
    {
        try
        {
            if (_file is not null)
                TrimRoom(_file);
        }
        catch (IOException)
        {
            // The next start cuts it.
        }
    }

    private JournalFile Roll()
    {
        var now = _time.GetUtcNow().UtcDateTime;
        // The next segment begins where this one ends, to the byte.
        if (_file is not null)
            TrimRoom(_file);
        var segment = Segment.Create(_options.Directory, Id, _durablePosition, now);
        var file = _openFile(segment.Path);
        _file?.Dispose();
        _file = file;
        (_allocatedEnd, _writtenEnd, _allocates) = (0, 0, true);
        _segments = _segments.Add(segment);
        return file;
    }

    private LogUnavailableException Fail(Exception exception, bool flushing)
    {
        _file?.Dispose();
        Volatile.Write(ref _file, null);
        _flushFailed |= flushing;
        _failure = DiskFailure.Words(exception, _options.Directory);
        _retryAt = _time.GetTimestamp()
            + (long)(_options.RetryInterval.TotalSeconds * _time.TimestampFrequency);
        return new LogUnavailableException($"The journal cannot be written: {_failure}", exception);
    }

    /// <summary>
    /// Cuts the last segment back to what was flushed and verifies what is left. After a failed
    /// flush that file is not written any more: the next frame begins a new segment.
    /// </summary>
    private JournalFile Reopen()
    {
        if (_time.GetTimestamp() < _retryAt)
            throw new LogUnavailableException($"The journal cannot be written: {_failure}");
        try
        {
            var segment = _segments[^1];
            var end = segment.OffsetOf(_durablePosition);
            _file = _openFile(segment.Path);
            _file.Truncate(end);
            _file.Sync();
            (_allocatedEnd, _writtenEnd, _allocates) = (0, 0, true);
            var scan = FrameScan.Run(_file.Handle, Segment.HeaderBytes);
            if (scan.EndOffset != end)
                throw new IOException(JournalDamage.At(segment.Path, scan.EndOffset, "lost").Message);
            if (_flushFailed && _durablePosition > segment.BasePosition)
                _ = Roll();
            _flushFailed = false;
            return _file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Fail(exception, flushing: false);
        }
    }
}
