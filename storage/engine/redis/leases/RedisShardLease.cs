using StackExchange.Redis;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Dead;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// A shard under a fencing token. Reads and commits prove that the token is still the newest and
/// that the store stands where this owner left it; otherwise the lease is lost. Used by one caller
/// at a time, but for <see cref="RenewAsync"/> and <see cref="End"/>.
/// </summary>
internal sealed class RedisShardLease : IShardLease
{
    // The bell ends the wait at once; where a ring was lost, this is how late a frame is seen.
    private static readonly TimeSpan PollFrom = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PollTo = TimeSpan.FromMilliseconds(100);

    private readonly RedisBackEnd _backEnd;
    private readonly string _worker;
    private readonly string _token;
    private readonly TimeProvider _time;
    private readonly Action<RedisShardLease> _disposed;
    private readonly RedisRepeat _repeat;
    private readonly LogReadAhead _log;
    private readonly ProducerMarks _marks;
    private readonly CommitBuilder _commits;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _lost = new();
    private string _lossReason = "";
    private int _attempts;
    private int _isDisposed;

    /// <param name="taken">What <see cref="LeaseScripts.Take"/> returned.</param>
    /// <param name="disposed">Called once the shard was given back.</param>
    /// <exception cref="InvalidDataException">The shard's state cannot be read.</exception>
    public RedisShardLease(
        RedisBackEnd backEnd,
        int shard,
        string worker,
        RedisResult taken,
        CellRetention retention,
        TimeProvider time,
        Action<RedisShardLease> disposed)
    {
        var parts = (RedisResult[])taken!;
        var state = ShardState.Read((RedisValue[])parts[1]!);
        _backEnd = backEnd;
        _worker = worker;
        _token = (string)parts[0]!;
        _time = time;
        _disposed = disposed;
        _marks = new ProducerMarks((RedisValue[])parts[2]!);
        _repeat = new RedisRepeat(time);
        _log = new LogReadAhead(backEnd, _repeat, shard, _token, _lost.Token);
        _log.Committed = state.Head;
        _log.Seek(state.Head);
        _commits = new CommitBuilder(shard, RecentTrades(backEnd), retention);
        Shard = shard;
        Position = state.Head;
        AggregatedTotal = state.Total;
        Ending = _ending.Token;
        backEnd.Bell.Listen();
    }

    public int Shard { get; }

    public long Position { get; private set; }

    public long AggregatedTotal { get; private set; }

    public CancellationToken Ending { get; }

    /// <summary>Grows from lease to lease of the shard, and with time.</summary>
    public string Token => _token;

    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        var pause = PollFrom;
        while (true)
        {
            // Taken before the look, so that a frame that comes in between ends the wait.
            var ring = _backEnd.Bell.NextAsync(Shard);
            if (await AliveAsync(_log.FillAsync, cancellation))
                return;
            await await Task.WhenAny(ring, Task.Delay(pause, _time, cancellation));
            cancellation.ThrowIfCancellationRequested();
            pause = pause * 2 < PollTo ? pause * 2 : PollTo;
        }
    }

    public async ValueTask<LogBatch> ReadAsync(CancellationToken cancellation)
    {
        if (await AliveAsync(_log.NextAsync, cancellation) is not { } frame)
            return new LogBatch(default, _log.Position);
        var status = TradeFrame.Read(frame, out var header);
        if (status != FrameStatus.Whole || header.FrameBytes != frame.Length)
            return new LogBatch(frame, _log.Position, Damage(status));
        return _marks.IsRepeat(header, NowTicks)
            ? new LogBatch(default, _log.Position)
            : new LogBatch(frame, _log.Position);
    }

    public void Rewind()
    {
        _marks.Rewind();
        _log.Seek(Position);
    }

    public async ValueTask<int> FailedAsync(string reason, CancellationToken cancellation)
    {
        var nonce = Guid.NewGuid().ToString("N");
        _attempts = (int)await CallAsync(
            token => LeaseScripts.Fail.EvaluateAsync(
                _backEnd.Link,
                [RedisKeys.Fence(Shard), RedisKeys.State(Shard)],
                [_token, CommitScript.Text(Position), nonce],
                token),
            cancellation);
        return _attempts > 0 ? _attempts : throw Lose("the shard has another owner");
    }

    public async ValueTask<IReadOnlyList<Cell>> LoadAsync(
        IntervalKey interval, CancellationToken cancellation)
    {
        var cells = await CallAsync(
            token => _backEnd.Link.CallAsync(
                redis => StoredCells.ReadAsync(redis, Shard, interval), token),
            cancellation);
        return cells.ToList();
    }

    public async ValueTask CommitAsync(ShardCommit commit, CancellationToken cancellation)
    {
        var script = new CommitScript(
            _backEnd, Shard, _worker, _token, Position, commit.EndPosition);
        _commits.Add(script, commit);
        if (commit.DeadReason is { } reason)
            script.Bury(DeadHeader(commit.EndPosition, reason));
        var forgotten = _marks.AddTo(script, Shard, NowTicks);
        var refusal = await CallAsync(
            token => script.EvaluateAsync(_backEnd.Link, token), cancellation);
        if (refusal.Length > 0)
            throw Lose(refusal);
        _marks.Committed(forgotten);
        Position = commit.EndPosition;
        _log.Committed = Position;
        AggregatedTotal = commit.AggregatedTotal;
    }

    /// <summary>Begins the lease time anew, where the shard was not lost.</summary>
    /// <exception cref="LogUnavailableException"/>
    public async ValueTask RenewAsync(CancellationToken cancellation)
    {
        var leaseMs = (long)_backEnd.Options.LeaseTime.TotalMilliseconds;
        var renewed = await LeaseScripts.Renew.EvaluateAsync(
            _backEnd.Link,
            [RedisKeys.Lease(Shard), RedisKeys.Fence(Shard)],
            [_worker, CommitScript.Text(leaseMs), _token],
            cancellation);
        if ((int)renewed == 0)
            _ = Lose("the shard has another owner");
    }

    /// <summary>Asks who has the lease to commit and give it back.</summary>
    public void End() => _ = _ending.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
            return;
        try
        {
            _ = await LeaseScripts.GiveBack.EvaluateAsync(
                _backEnd.Link, [RedisKeys.Lease(Shard), RedisKeys.Fence(Shard)], [_token]);
        }
        catch (LogUnavailableException)
        {
            // It runs out by itself.
        }
        await _lost.CancelAsync();
        await _ending.CancelAsync();
        _disposed(this);
    }

    private long NowTicks => _time.GetUtcNow().UtcTicks;

    private static int RecentTrades(RedisBackEnd backEnd) =>
        (backEnd.Options.RecentTrades + backEnd.ShardCount - 1) / backEnd.ShardCount;

    private static string Damage(FrameStatus status) => status switch
    {
        FrameStatus.Short => "The list element is shorter than its frame.",
        FrameStatus.Damaged => "The list element is no frame, or a checksum does not match.",
        _ => "The list element goes on behind its frame.",
    };

    private byte[] DeadHeader(long endPosition, string reason) =>
        endPosition == Position + 1
            ? new DeadFrame(Position, NowTicks, _attempts, reason, default).ToBytes()
            : throw new ArgumentException(
                $"One frame dies at a time, not {endPosition - Position}.", nameof(endPosition));

    private ValueTask<T> CallAsync<T>(
        Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellation) =>
        AliveAsync(token => _repeat.UntilKnownAsync(call, token), cancellation);

    /// <summary>Ends the call when the lease is lost.</summary>
    private async ValueTask<T> AliveAsync<T>(
        Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation, _lost.Token);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException) when (_lost.IsCancellationRequested)
        {
            throw new LeaseLostException(_lossReason);
        }
        catch (LeaseLostException exception)
        {
            throw Lose(exception.Message);
        }
    }

    private LeaseLostException Lose(string reason)
    {
        _lossReason = reason;
        _ = _lost.CancelAsync();
        End();
        return new LeaseLostException(reason);
    }
}
