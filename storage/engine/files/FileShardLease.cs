using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>The only shard, owned as long as the process lives.</summary>
internal sealed class FileShardLease : IShardLease
{
    private readonly FileBackEnd _backEnd;
    private JournalReader _reader;
    private readonly SemaphoreSlim _advanced = new(0, 1);
    private int _waiting;
    private int _failures;

    public FileShardLease(FileBackEnd backEnd)
    {
        _backEnd = backEnd;
        _reader = new JournalReader(backEnd.Journal, backEnd.Store.Position);
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

    public ValueTask<LogBatch> ReadAsync(CancellationToken cancellation) =>
        ValueTask.FromResult(_reader.Read());

    public void Rewind()
    {
        _reader.Dispose();
        _reader = new JournalReader(_backEnd.Journal, _backEnd.Store.Position);
    }

    public ValueTask<int> FailedAsync(string reason, CancellationToken cancellation) =>
        ValueTask.FromResult(++_failures);

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
        _backEnd.Journal.Advanced -= Wake;
        _reader.Dispose();
        _advanced.Dispose();
        return ValueTask.CompletedTask;
    }

    // Before the position moves: after a crash in between, the same frame dies under the same name.
    private void Keep(long endPosition, string reason)
    {
        var position = Position;
        using var reader = new JournalReader(_backEnd.Journal, position);
        var frame = reader.Read().Frames[..(int)(endPosition - position)];
        _backEnd.Dead.Write(position, _failures, reason, frame.Span);
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _waiting, 0) == 1 && _advanced.CurrentCount == 0)
            _ = _advanced.Release();
    }
}
