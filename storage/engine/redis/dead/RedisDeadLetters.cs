using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Dead;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Dead frames of all shards, in the lists <c>tp:{s}:dead</c>. What is taken out of a list is named
/// by its bytes: so of two that replay the same frame, one does.
/// </summary>
internal sealed class RedisDeadLetters : IDeadLetters
{
    // All frames are looked at to add up their trades: once for all who ask in this time.
    private static readonly TimeSpan ListAge = TimeSpan.FromMilliseconds(250);

    private static readonly RedisScript Replay = new("""
        if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 0 then return 0 end
        redis.call('RPUSH', KEYS[2], ARGV[2])
        return 1
        """);

    private static readonly RedisScript Clear = new("""
        local count = redis.call('LLEN', KEYS[1])
        redis.call('DEL', KEYS[1])
        return count
        """);

    private readonly RedisBackEnd _backEnd;
    private readonly SharedRead<List<DeadLetter>> _letters;

    public RedisDeadLetters(RedisBackEnd backEnd, TimeProvider time)
    {
        _backEnd = backEnd;
        _letters = new SharedRead<List<DeadLetter>>(ListAge, time, ReadAsync);
    }

    public async ValueTask<DeadReport> ListAsync(int limit, CancellationToken cancellation)
    {
        var letters = await _letters.GetAsync(cancellation);
        return new DeadReport(
            letters.Count, letters.Sum(letter => (long)letter.Trades), [.. letters.Take(limit)]);
    }

    public async ValueTask<DeadOutcome> ReplayAsync(string? id, CancellationToken cancellation)
    {
        var done = 0;
        var kept = new List<DeadLetter>();
        try
        {
            await foreach (var (shard, bytes, dead) in FindAsync(id, cancellation))
            {
                if (!dead.IsWhole)
                    kept.Add(dead.Describe(shard));
                else if (await ReplayAsync(shard, bytes, dead, cancellation))
                    done++;
            }
        }
        finally
        {
            _letters.Forget();
        }
        return new DeadOutcome(done, [.. kept.DistinctBy(letter => letter.Id)]);
    }

    public async ValueTask<DeadOutcome> PurgeAsync(string? id, CancellationToken cancellation)
    {
        long done = 0;
        try
        {
            if (id is null)
                return new DeadOutcome((int)await ClearAsync(cancellation), []);
            await foreach (var (shard, bytes, _) in FindAsync(id, cancellation))
            {
                done += await _backEnd.Link.CallAsync(
                    redis => redis.ListRemoveAsync(RedisKeys.Dead(shard), bytes, 1), cancellation);
            }
            return new DeadOutcome((int)done, []);
        }
        finally
        {
            _letters.Forget();
        }
    }

    private async ValueTask<long> ClearAsync(CancellationToken cancellation)
    {
        long done = 0;
        for (var shard = 0; shard < _backEnd.ShardCount; shard++)
        {
            done += (long)await Clear.EvaluateAsync(
                _backEnd.Link, [RedisKeys.Dead(shard)], [], cancellation);
        }
        return done;
    }

    private async ValueTask<bool> ReplayAsync(
        int shard, byte[] bytes, DeadFrame dead, CancellationToken cancellation)
    {
        // Its own producer for each: no number of another frame can be above it.
        var producerId = BinaryPrimitives.ReadUInt64LittleEndian(
            RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
        var answer = await Replay.EvaluateAsync(
            _backEnd.Link,
            [RedisKeys.Dead(shard), RedisKeys.Log(shard)],
            [bytes, dead.Resealed(producerId)],
            cancellation);
        return (long)answer == 1;
    }

    private async IAsyncEnumerable<(int Shard, byte[] Bytes, DeadFrame Dead)> FindAsync(
        string? id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (id is null)
        {
            for (var shard = 0; shard < _backEnd.ShardCount; shard++)
            {
                var count = await _backEnd.Link.CallAsync(
                    redis => redis.ListLengthAsync(RedisKeys.Dead(shard)), cancellation);
                await foreach (var found in WalkAsync(shard, count - 1, cancellation))
                    yield return found;
            }
            yield break;
        }
        if (DeadId.TryParse(id) is not var (wanted, position) || wanted >= _backEnd.ShardCount)
            yield break;
        var heads = await DeadHeads.ReadAsync(_backEnd.Link, wanted, cancellation);
        var last = heads.FindLast(head => head.Dead.Position == position);
        await foreach (var found in WalkAsync(wanted, last?.Index ?? -1, cancellation))
        {
            if (found.Dead.Position == position)
            {
                yield return found;
                yield break;
            }
        }
    }

    // From the newest on: what is taken out, by whoever it is, moves none that is still to come
    // past the walk.
    private async IAsyncEnumerable<(int Shard, byte[] Bytes, DeadFrame Dead)> WalkAsync(
        int shard, long index, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (; index >= 0; index--)
        {
            var bytes = (byte[]?)await _backEnd.Link.CallAsync(
                redis => redis.ListGetByIndexAsync(RedisKeys.Dead(shard), index), cancellation);
            if (DeadFrame.TryRead(bytes) is { } dead)
                yield return (shard, bytes!, dead);
        }
    }

    private async Task<List<DeadLetter>> ReadAsync()
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, _backEnd.ShardCount).Select(
            async shard => (await DeadHeads.ReadAsync(_backEnd.Link, shard, default))
                .Select(head => head.Dead.Describe(shard, head.MissingBytes))));
        return [.. shards
            .SelectMany(letters => letters)
            .DistinctBy(letter => letter.Id)
            .OrderByDescending(letter => letter.DiedAt)];
    }
}
