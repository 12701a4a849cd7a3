using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>Names of a set as they stand in Redis; never changed.</summary>
/// <param name="Values">Null where they were not read yet.</param>
internal sealed record NameSet(HashSet<string>? Values)
{
    /// <summary>What a read compares with the set's size, to leave out what is known.</summary>
    public int Known => Values?.Count ?? -1;

    public NameSet With(RedisResult answer) => answer.IsNull
        ? this
        : new NameSet([.. ((RedisValue[])answer!).Select(name => (string)name!)]);
}

/// <summary>What a shard says of itself at one instant.</summary>
/// <param name="SinceTicks">Time of receipt of the first trade; 0 for none.</param>
/// <param name="LogTimeTicks">Time of receipt of the newest trade counted; 0 for none.</param>
/// <param name="OldestTicks">Time of receipt of the oldest frame that waits; 0 for none.</param>
/// <param name="RateTrades">Trades of the seconds that were asked for.</param>
internal sealed record ShardSummary(
    long Total,
    long SinceTicks,
    long LogTimeTicks,
    long OldestTicks,
    long RateTrades,
    NameSet Pairs,
    NameSet Countries)
{
    // Names are sent only where their number is another one than the reader knows: sets only grow.
    private static readonly RedisScript Script = new("""
        local function names(key, known)
            if redis.call('SCARD', key) == tonumber(known) then return false end
            return redis.call('SMEMBERS', key)
        end
        local oldest = redis.call('LINDEX', KEYS[2], 0)
        local seconds = {unpack(ARGV, 3)}
        return {
            redis.call('HMGET', KEYS[1], 'total', 'since', 'time'),
            oldest and string.sub(oldest, 1, 48),
            redis.call('HMGET', KEYS[3], unpack(seconds)),
            redis.call('HMGET', KEYS[4], unpack(seconds)),
            names(KEYS[5], ARGV[1]),
            names(KEYS[6], ARGV[2]),
        }
        """);

    /// <param name="second">Start of the second behind those whose trades make the rate.</param>
    /// <exception cref="LogUnavailableException"/>
    public static async Task<ShardSummary> ReadAsync(
        RedisLink link, int shard, long second, int rateSeconds, NameSet pairs, NameSet countries)
    {
        var seconds = Enumerable.Range(1, rateSeconds)
            .Select(back => new IntervalKey(
                Resolution.Second, second - back * TimeSpan.TicksPerSecond))
            .ToArray();
        RedisKey[] keys =
        [
            RedisKeys.State(shard),
            RedisKeys.Log(shard),
            RedisKeys.Totals(shard, seconds[0]),
            RedisKeys.Totals(shard, seconds[^1]),
            RedisKeys.Pairs(shard),
            RedisKeys.Countries(shard),
        ];
        RedisValue[] values =
        [
            pairs.Known,
            countries.Known,
            .. seconds.Select(key => (RedisValue)RedisKeys.Number(key)),
        ];
        var answer = (RedisResult[])(await Script.EvaluateAsync(link, keys, values))!;
        var state = (RedisValue[])answer[0]!;
        var logTime = (long)state[2];
        return new ShardSummary(
            (long)state[0],
            (long)state[1],
            logTime,
            OldestOf((byte[]?)answer[1], logTime),
            RateOf(seconds, (RedisValue[])answer[2]!, (RedisValue[])answer[3]!),
            pairs.With(answer[4]),
            countries.With(answer[5]));
    }

    // Of a frame whose header is damaged, only this is known: it came after the last one counted.
    private static long OldestOf(byte[]? header, long logTimeTicks) => header is null
        ? 0
        : TradeFrame.ReadHeader(header, out var frame) == FrameStatus.Whole
            ? frame.ReceivedAtTicks
            : logTimeTicks;

    private static long RateOf(IntervalKey[] seconds, RedisValue[] newer, RedisValue[] older)
    {
        long trades = 0;
        for (var i = 0; i < seconds.Length; i++)
        {
            var bytes = (byte[]?)(newer[i].IsNull ? older[i] : newer[i]);
            if (bytes is not null)
                trades += RedisCells.ReadTotal(bytes, seconds[i].StartTicks).Total.Count;
        }
        return trades;
    }
}
