using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Dead;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>The only shard.</summary>
internal sealed class FileShardLease : IShardLease
{
    private readonly FileBackEnd _backEnd;
    private readonly SemaphoreSlim _advanced = new(0, 1);
    private readonly SortedSet<long> _aside; // positions of frames that are not to be counted
    private readonly Action? _givenBack;
    private JournalReader _reader;
    private int _isDisposed;
    private int _waiting;
    private int _failures;

    public FileShardLease(FileBackEnd backEnd, Action? givenBack = null)
    {
        _backEnd = backEnd;
        _givenBack = givenBack;
        _reader = new JournalReader(backEnd.Journal, backEnd.Store.Position);
        _aside = [.. backEnd.Dead.Positions];
        backEnd.Journal.Advanced += Wake;
    }

    public int Shard => 0;

    public long Position => _backEnd.Store.Position;

    public long AggregatedTotal => _backEnd.Store.AggregatedTotal;

    public CancellationToken Ending => CancellationToken.None;

    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        while (true)
        {
            // Announced before the look, so that a frame flushed in between wakes the wait.
            _ = Interlocked.Exchange(ref _waiting, 1);
            if (_backEnd.Journal.DurablePosition > _reader.Position)
                return;
            await _advanced.WaitAsync(cancellation);
        }
    }

    public ValueTask<LogBatch> ReadAsync(CancellationToken cancellation)
    {
        var position = _reader.Position;
        var batch = _reader.Read();
        if (_aside.GetViewBetween(position, Math.Max(position, batch.EndPosition - 1)) is { Count: > 0 } met)
            batch = CutAt(met.Min, position, batch.Frames);
        return ValueTask.FromResult(batch);
    }

    public void Rewind() => ReadFrom(_backEnd.Store.Position);

    // A frame that was kept aside in an earlier run may have been replayed since: counted from the
    // log once more, it would count twice.
    public ValueTask<int> FailedAsync(string reason, CancellationToken cancellation) =>
        ValueTask.FromResult(_aside.Contains(Position) ? int.MaxValue : ++_failures);

    public ValueTask<IReadOnlyList<Cell>> LoadAsync(
        IntervalKey interval, CancellationToken cancellation) =>
        ValueTask.FromResult(_backEnd.Store.Load(interval));

    /// <exception cref="IOException">The dead frame could not be kept; nothing took effect.</exception>
    public ValueTask CommitAsync(ShardCommit commit, CancellationToken cancellation)
    {
        if (commit.DeadReason is { } reason)
            Keep(commit.EndPosition, reason);
        _backEnd.Store.Apply(commit);
        _failures = 0;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
            return ValueTask.CompletedTask;
        _backEnd.Journal.Advanced -= Wake;
        _reader.Dispose();
        _advanced.Dispose();
        _givenBack?.Invoke();
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the batch before the frame at the position, or is that frame alone.</summary>
    private LogBatch CutAt(long aside, long from, ReadOnlyMemory<byte> frames)
    {
        if (aside > from)
        {
            ReadFrom(aside);
            return new LogBatch(frames[..(int)(aside - from)], aside);
        }
        _ = TradeFrame.ReadHeader(frames.Span, out var header);
        ReadFrom(from + header.FrameBytes);
        return new LogBatch(
            frames[..header.FrameBytes], from + header.FrameBytes, "It was kept aside before.");
    }

    private void ReadFrom(long position)
    {
        _reader.Dispose();
        _reader = new JournalReader(_backEnd.Journal, position);
    }

    // Before the position moves: after a crash in between, the same frame dies under the same name.
    private void Keep(long endPosition, string reason)
    {
        var position = Position;
        if (_aside.Contains(position))
            return;
        using var reader = new JournalReader(_backEnd.Journal, position);
        var frame = reader.Read().Frames[..(int)(endPosition - position)];
        _backEnd.Dead.Write(new DeadFrame(
            position, _backEnd.UtcTicks, _failures, reason, frame));
        _ = _aside.Add(position);
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _waiting, 0) == 1 && _advanced.CurrentCount == 0)
            _ = _advanced.Release();
    }
}
