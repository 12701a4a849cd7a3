using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// This worker's part in sharing out the shards. Each beat it (1) signs the list of workers and
/// learns who else is there, (2) renews its leases, (3) ends the newest ones where it has more than
/// its share, or (4) takes free shards where it has less. Begins with the first acquire; a
/// cancelled acquire says that the worker wants no more: it leaves the list, and its leases last until they
/// are given back.
/// </summary>
internal sealed partial class RedisShardLeases : IShardLeases, IAsyncDisposable
{
    private readonly RedisBackEnd _backEnd;
    private readonly CellRetention _retention;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _worker =
        $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<int, RedisShardLease> _held = new();
    private readonly Channel<RedisShardLease> _taken;
    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private Task? _beating;

    public RedisShardLeases(
        RedisBackEnd backEnd,
        CellRetention retention,
        TimeProvider time,
        ILogger<RedisShardLeases> logger)
    {
        _backEnd = backEnd;
        _retention = retention;
        _time = time;
        _logger = logger;
        // A shard is in it once at most: a write never finds it full.
        _taken = Channel.CreateBounded<RedisShardLease>(2 * backEnd.ShardCount);
    }

    public async ValueTask<IShardLease> AcquireAsync(CancellationToken cancellation)
    {
        lock (_gate)
            _beating ??= Task.Run(BeatAsync, CancellationToken.None);
        try
        {
            // A beat that fails by more than Redis being away ends the wait, too.
            var lease = _taken.Reader.ReadAsync(cancellation).AsTask();
            await await Task.WhenAny(lease, _beating);
            return await lease;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await _leaving.CancelAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _closing.CancelAsync();
        if (_beating is not null)
            await _beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_taken.Reader.TryRead(out var lease))
            await lease.DisposeAsync();
    }

    private TimeSpan LeaseTime => _backEnd.Options.LeaseTime;

    private RedisValue LeaseMs => CommitScript.Text((long)LeaseTime.TotalMilliseconds);

    private async Task BeatAsync()
    {
        while (!_leaving.IsCancellationRequested)
        {
            var hasShare = await ShareAsync();
            await PauseAsync(hasShare ? LeaseTime / 3 : LeaseTime / 10, _leaving.Token);
        }
        _ = await TryAsync(LeaveAsync);
        while (!_closing.IsCancellationRequested && !_held.IsEmpty)
        {
            _ = await RenewAsync();
            await PauseAsync(LeaseTime / 10, _closing.Token);
        }
    }

    /// <summary>False where the worker is to look again soon.</summary>
    private async Task<bool> ShareAsync()
    {
        var signing = TryAsync(SignAsync);
        var renewed = await RenewAsync();
        if (await signing is not { } workers || !renewed)
            return false;
        var share = ShardShares.Of(_worker, workers, _backEnd.ShardCount);
        var lasting = _held.Values.Where(lease => !lease.Ending.IsCancellationRequested)
            .OrderBy(lease => lease.Token, StringComparer.Ordinal)
            .ToList();
        foreach (var lease in lasting.Skip(share))
        {
            Log.Ended(_logger, lease.Shard, share, workers.Length);
            lease.End();
        }
        return _held.Count >= share || await TakeAsync(share);
    }

    /// <summary>Takes free shards up to the share, from anywhere on. True where it got them.</summary>
    private async Task<bool> TakeAsync(int share)
    {
        var first = Random.Shared.Next(_backEnd.ShardCount);
        for (var i = 0; i < _backEnd.ShardCount && _held.Count < share; i++)
        {
            var shard = (first + i) % _backEnd.ShardCount;
            if (!_leaving.IsCancellationRequested && !_held.ContainsKey(shard))
                _ = await TryAsync(() => TakeShardAsync(shard));
        }
        return _held.Count >= share;
    }

    private async ValueTask<RedisShardLease?> TakeShardAsync(int shard)
    {
        var taken = await LeaseScripts.Take.EvaluateAsync(
            _backEnd.Link,
            [
                RedisKeys.Lease(shard),
                RedisKeys.Fence(shard),
                RedisKeys.State(shard),
                RedisKeys.Marks(shard),
            ],
            [_worker, LeaseMs]);
        if (taken.IsNull)
            return null;
        var lease = new RedisShardLease(
            _backEnd, shard, _worker, taken, _retention, _time, GivenBack);
        _held[shard] = lease;
        Log.Taken(_logger, shard, lease.Position, lease.Token);
        await _taken.Writer.WriteAsync(lease);
        return lease;
    }

    private void GivenBack(RedisShardLease lease) =>
        _ = _held.TryRemove(KeyValuePair.Create(lease.Shard, lease));

    private async ValueTask<string[]?> SignAsync()
    {
        var workers = await LeaseScripts.Sign.EvaluateAsync(
            _backEnd.Link, [RedisKeys.Workers], [_worker, LeaseMs]);
        return [.. ((RedisValue[])workers!).Select(name => (string)name!)];
    }

    private async Task<bool> RenewAsync()
    {
        var renewals = _held.Values.Select(lease => TryAsync(async () =>
        {
            await lease.RenewAsync(CancellationToken.None);
            return lease;
        }));
        return (await Task.WhenAll(renewals)).All(renewed => renewed is not null);
    }

    private async ValueTask<string?> LeaveAsync()
    {
        _ = await _backEnd.Link.CallAsync(
            database => database.SortedSetRemoveAsync(RedisKeys.Workers, _worker));
        return _worker;
    }

    // The link says that Redis is away, and the next beat tries again.
    private static async Task<T?> TryAsync<T>(Func<ValueTask<T?>> call)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (LogUnavailableException)
        {
            return null;
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellation) =>
        await Task.Delay(pause, _time, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "Took shard {Shard} at position {Position} under token {Token}")]
        public static partial void Taken(ILogger logger, int shard, long position, string token);

        [LoggerMessage(2, LogLevel.Information,
            "Giving back shard {Shard}: {Share} of {Workers} workers' shards are this worker's")]
        public static partial void Ended(ILogger logger, int shard, int share, int workers);
    }
}
