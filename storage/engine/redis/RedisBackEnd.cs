using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// What all parts of the Redis back end share: the link, the options, and how many shards there are.
/// </summary>
internal sealed class RedisBackEnd : IAsyncDisposable
{
    private const int DefaultShards = 4;

    private static readonly RedisScript Meet = new("""
        redis.call('HSETNX', KEYS[1], 'shards', ARGV[1])
        redis.call('HSETNX', KEYS[1], 'epoch', ARGV[2])
        return redis.call('HMGET', KEYS[1], 'shards', 'epoch')
        """);

    private RedisBackEnd(
        RedisLink link, RedisOptions options, TimeProvider time, int shardCount)
    {
        Link = link;
        Options = options;
        Replicas = options.WaitReplicas > 0 ? new ReplicaWait(link, options, time) : null;
        ShardCount = shardCount;
        Bell = new ShardBell(link, shardCount);
    }

    public RedisLink Link { get; }

    public RedisOptions Options { get; }

    /// <summary>One for all that write; null where replicas are not waited for.</summary>
    public ReplicaWait? Replicas { get; }

    public int ShardCount { get; }

    public ShardBell Bell { get; }

    /// <exception cref="StartRefusedException">
    /// No Redis answers, or its log has another number of shards than the configuration says.
    /// </exception>
    public static async Task<RedisBackEnd> OpenAsync(
        RedisOptions options, TimeProvider time, ILogger<RedisBackEnd> logger)
    {
        var link = await RedisLink.ConnectAsync(options, time, logger);
        try
        {
            var shards = await MeetAtStartAsync(link, options.Shards ?? DefaultShards, time);
            if (options.Shards is { } wanted && wanted != shards)
            {
                throw new StartRefusedException(
                    $"Redis:Shards = '{wanted}': the log in this Redis has {shards}; "
                    + "leave the key out, or empty the Redis first.");
            }
            return new RedisBackEnd(link, options, time, shards);
        }
        catch (LogUnavailableException exception)
        {
            await link.DisposeAsync();
            throw new StartRefusedException(
                $"Redis:Configuration: {exception.Message}", exception);
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    /// <summary>Identity of the store's content; a Redis that was emptied gets another one.</summary>
    /// <exception cref="LogUnavailableException"/>
    public async ValueTask<string> EpochAsync(CancellationToken cancellation) =>
        (await MeetAsync(Link, ShardCount, cancellation)).Epoch;

    public ValueTask DisposeAsync() => Link.DisposeAsync();

    // A Redis that lets one connect may still load its data, or be slow for a moment.
    private static async ValueTask<int> MeetAtStartAsync(
        RedisLink link, int shards, TimeProvider time)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return (await MeetAsync(link, shards, default)).Shards;
            }
            catch (LogUnavailableException)
                when (time.GetElapsedTime(started) < RedisLink.StartLimit)
            {
                await Task.Delay(RedisLink.RetryEvery, time);
            }
        }
    }

    private static async ValueTask<(int Shards, string Epoch)> MeetAsync(
        RedisLink link, int shards, CancellationToken cancellation)
    {
        var met = (RedisValue[])(await Meet.EvaluateAsync(
            link, [RedisKeys.Meta], [shards, Guid.NewGuid().ToString("N")], cancellation))!;
        return ((int)met[0], (string)met[1]!);
    }
}
