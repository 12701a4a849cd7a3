using System.Collections.Concurrent;
using System.Globalization;
using StackExchange.Redis;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Cells;
using Aggregate = TradeProcessor.Contracts.Aggregate;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>What a shard has of an interval, without its cells.</summary>
internal readonly record struct IntervalTotal(
    int Shard, long StartTicks, IntervalStamp Stamp, Aggregate Total);

/// <summary>
/// Reads totals and cells. Callers wait for their turn where too many calls are in flight; a call's
/// own limit of time begins when it is sent.
/// </summary>
internal sealed class CellReader(RedisLink link, CellCache cache)
{
    /// <summary>Enough to hide the way to Redis; large cells make few megabytes.</summary>
    private const int CallsInFlight = 64;

    private readonly ConcurrentDictionary<(CellPlace, IntervalStamp), Lazy<Task<CellBlock>>>
        _running = [];

    private long _fetches;

    private SemaphoreSlim Turns { get; } = new(CallsInFlight);

    /// <summary>Intervals whose cells were read from Redis so far.</summary>
    public long Fetches => Volatile.Read(ref _fetches);

    /// <summary>Of the intervals that begin in the range, in ascending order.</summary>
    /// <exception cref="LogUnavailableException"/>
    public async Task<List<IntervalTotal>> TotalsAsync(
        int shards,
        Resolution resolution,
        long fromTicks,
        long toTicks,
        CancellationToken cancellation)
    {
        var totals = new List<IntervalTotal>();
        await Parallel.ForEachAsync(
            Buckets(shards, resolution, fromTicks, toTicks),
            InFlight(cancellation),
            async (bucket, stopping) =>
            {
                var key = RedisKeys.Totals(bucket.Shard, bucket.Interval);
                var fields = await CallAsync(redis => redis.HashGetAllAsync(key), stopping);
                lock (totals)
                {
                    totals.AddRange(fields
                        .Select(field => Read(bucket.Shard, resolution, field))
                        .Where(one => one.StartTicks >= fromTicks && one.StartTicks < toTicks));
                }
            });
        totals.Sort(static (left, right) =>
            (left.StartTicks, left.Shard).CompareTo((right.StartTicks, right.Shard)));
        return totals;
    }

    /// <summary>The cells of each, in the same order.</summary>
    /// <exception cref="LogUnavailableException"/>
    public async Task<CellBlock[]> CellsAsync(
        Resolution resolution, List<IntervalTotal> totals, CancellationToken cancellation)
    {
        var blocks = new CellBlock[totals.Count];
        var missing = new List<int>();
        for (var i = 0; i < totals.Count; i++)
        {
            if (cache.TryGet(PlaceOf(totals[i]), totals[i].Stamp, out var block))
                blocks[i] = block;
            else
                missing.Add(i);
        }
        await Parallel.ForEachAsync(missing, InFlight(cancellation), async (i, stopping) =>
            blocks[i] = await FetchOnceAsync(PlaceOf(totals[i]), totals[i].Stamp, stopping));
        return blocks;

        CellPlace PlaceOf(in IntervalTotal total) =>
            new(total.Shard, new IntervalKey(resolution, total.StartTicks));
    }

    private static ParallelOptions InFlight(CancellationToken cancellation) => new()
    {
        MaxDegreeOfParallelism = CallsInFlight,
        CancellationToken = cancellation,
    };

    private static IEnumerable<CellPlace> Buckets(
        int shards, Resolution resolution, long fromTicks, long toTicks)
    {
        var bucketTicks = RedisKeys.BucketIntervals * resolution.Ticks;
        for (var start = fromTicks - fromTicks % bucketTicks; start < toTicks; start += bucketTicks)
        {
            for (var shard = 0; shard < shards; shard++)
                yield return new CellPlace(shard, new IntervalKey(resolution, start));
        }
    }

    private static IntervalTotal Read(int shard, Resolution resolution, HashEntry field)
    {
        var number = long.Parse((string)field.Name!, CultureInfo.InvariantCulture);
        var startTicks = number * resolution.Ticks;
        var (stamp, total) = RedisCells.ReadTotal((byte[])field.Value!, startTicks);
        return new IntervalTotal(shard, startTicks, stamp, total);
    }

    // Whoever asks for the same cells meanwhile waits for the same read; it ends by the call limit.
    private Task<CellBlock> FetchOnceAsync(
        CellPlace place, IntervalStamp stamp, CancellationToken cancellation) => _running
        .GetOrAdd((place, stamp), key => new Lazy<Task<CellBlock>>(() => FetchAsync(key)))
        .Value.WaitAsync(cancellation);

    private async Task<CellBlock> FetchAsync((CellPlace Place, IntervalStamp Stamp) key)
    {
        try
        {
            var (shard, interval) = key.Place;
            var block = await CallAsync(
                redis => StoredCells.ReadAsync(redis, shard, interval), CancellationToken.None);
            _ = Interlocked.Increment(ref _fetches);
            cache.Put(key.Place, key.Stamp, block);
            return block;
        }
        finally
        {
            _ = _running.TryRemove(key, out _);
        }
    }

    private async ValueTask<T> CallAsync<T>(
        Func<IDatabase, Task<T>> call, CancellationToken cancellation)
    {
        await Turns.WaitAsync(cancellation);
        try
        {
            return await link.CallAsync(call, cancellation);
        }
        finally
        {
            _ = Turns.Release();
        }
    }
}
