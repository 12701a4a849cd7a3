using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Asks each shard, all in flight together; once for all who ask in half a second.
/// </summary>
internal sealed class RedisStoreHealth : IStoreHealth
{
    private static readonly TimeSpan Age = TimeSpan.FromMilliseconds(500);

    // KEYS lease, log. MEMORY USAGE looks at a few elements only.
    private static readonly RedisScript Look = new("""
        local oldest = redis.call('LINDEX', KEYS[2], 0)
        return {
            redis.call('GET', KEYS[1]),
            redis.call('LLEN', KEYS[2]),
            redis.call('MEMORY', 'USAGE', KEYS[2], 'SAMPLES', 5) or 0,
            oldest and string.sub(oldest, 1, 48),
        }
        """);

    private readonly RedisBackEnd _backEnd;
    private readonly TimeProvider _time;
    private readonly SharedRead<ShardHealth[]> _shards;

    public RedisStoreHealth(RedisBackEnd backEnd, TimeProvider time)
    {
        _backEnd = backEnd;
        _time = time;
        _shards = new SharedRead<ShardHealth[]>(Age, time, ReadAsync);
    }

    public async ValueTask<IReadOnlyList<ShardHealth>> ShardsAsync(
        CancellationToken cancellation) =>
        await _shards.GetAsync(cancellation);

    private Task<ShardHealth[]> ReadAsync() =>
        Task.WhenAll(Enumerable.Range(0, _backEnd.ShardCount).Select(ReadAsync));

    private async Task<ShardHealth> ReadAsync(int shard)
    {
        var answer = (RedisResult[])(await Look.EvaluateAsync(
            _backEnd.Link, [RedisKeys.Lease(shard), RedisKeys.Log(shard)], []))!;
        return new ShardHealth(
            shard,
            OwnerOf((string?)answer[0]),
            (long)answer[1],
            WaitingBytes: null,
            BehindOf((byte[]?)answer[3]),
            (long)answer[2]);
    }

    // "machine/process/run:token".
    private static string? OwnerOf(string? lease)
    {
        var end = lease?.LastIndexOf('/') ?? -1;
        return end < 0 ? lease : lease![..end];
    }

    private double BehindOf(byte[]? header) =>
        header is not null && TradeFrame.ReadHeader(header, out var frame) == FrameStatus.Whole
            ? Math.Max(0, _time.GetUtcNow().UtcTicks - frame.ReceivedAtTicks)
                / (double)TimeSpan.TicksPerSecond
            : 0;
}
