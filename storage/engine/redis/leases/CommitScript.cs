using System.Globalization;
using StackExchange.Redis;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// A commit: Redis commands over keys of one shard, done together if and only if the fence and the
/// head are what the owner of the shard knows. Not thread-safe.
/// </summary>
internal sealed class CommitScript
{
    // Lua's unpack has room for about 8,000.
    private const int MaxValues = 4_000;

    // HDEL comes first: Redis takes it when it has no memory left, and then all that follows, so
    // that the log can be trimmed. The head comes last: if Redis gave up in the middle, which it
    // does only where a key is not of its type, the same values are written again.
    private static readonly RedisScript Script = new("""
        local lease, fence, state, log, dead, recent = unpack(KEYS, 1, 6)
        local token, base, finish, owner, leaseMs, keep, added, corpse, maxDead = unpack(ARGV, 1, 9)
        if redis.call('GET', fence) ~= token then
            return 'the shard has another owner'
        end
        local head = redis.call('HGET', state, 'head') or '0'
        if head == finish then
            return ''
        end
        if head ~= base then
            return 'the store is at position ' .. head .. ', not at ' .. base
        end
        local frames = finish - base
        if redis.call('LLEN', log) < frames then
            return 'the store has lost frames'
        end
        redis.call('HDEL', state, 'failures')
        local at = 10
        while at <= #ARGV do
            local count = tonumber(ARGV[at + 2])
            redis.call(ARGV[at], KEYS[tonumber(ARGV[at + 1])], unpack(ARGV, at + 3, at + 2 + count))
            at = at + 3 + count
        end
        if added ~= '0' then
            local held = (redis.call('HGET', state, 'recent') or 0) + added
            while true do
                local block = redis.call('LINDEX', recent, 0)
                if not block then
                    break
                end
                local a, b, c, d = string.byte(block, 9, 12)
                local count = a + b * 256 + c * 65536 + d * 16777216
                if held - count < tonumber(keep) then
                    break
                end
                redis.call('LPOP', recent)
                held = held - count
            end
            redis.call('HSET', state, 'recent', held)
        end
        if corpse ~= '' then
            redis.call('RPUSH', dead, corpse .. redis.call('LINDEX', log, 0))
            redis.call('LTRIM', dead, -maxDead, -1)
        end
        redis.call('LTRIM', log, frames, -1)
        redis.call('HSET', state, 'head', finish)
        redis.call('SET', lease, owner, 'PX', leaseMs)
        return ''
        """);

    private readonly List<RedisKey> _keys;
    private readonly List<RedisValue> _values;

    public CommitScript(
        RedisBackEnd backEnd, int shard, string worker, string token, long from, long to)
    {
        _keys =
        [
            RedisKeys.Lease(shard),
            RedisKeys.Fence(shard),
            RedisKeys.State(shard),
            RedisKeys.Log(shard),
            RedisKeys.Dead(shard),
            RedisKeys.Recent(shard),
        ];
        _values =
        [
            token,
            Text(from),
            Text(to),
            $"{worker}:{token}",
            Text((long)backEnd.Options.LeaseTime.TotalMilliseconds),
            "0",
            "0",
            "",
            Text(backEnd.Options.MaxDeadFrames),
        ];
    }

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>How many trades come into the list of the newest, and how many it keeps.</summary>
    public void TrimRecent(int added, int keep)
    {
        _values[5] = Text(keep);
        _values[6] = Text(added);
    }

    /// <summary>Moves the first frame to the dead ones, behind these bytes.</summary>
    public void Bury(byte[] header) => _values[7] = header;

    /// <summary>Adds a command, cut up where it has very many values.</summary>
    public void Add(string command, RedisKey key, params ReadOnlySpan<RedisValue> values)
    {
        var place = _keys.IndexOf(key) + 1;
        if (place == 0)
        {
            _keys.Add(key);
            place = _keys.Count;
        }
        do
        {
            var part = values[..Math.Min(values.Length, MaxValues)];
            _values.Add(command);
            _values.Add(place);
            _values.Add(part.Length);
            _values.AddRange(part);
            values = values[part.Length..];
        }
        while (!values.IsEmpty);
    }

    /// <summary>Empty where it took effect, now or by a call before; otherwise why not.</summary>
    /// <exception cref="TradeProcessor.Contracts.LogUnavailableException">
    /// As <see cref="RedisLink.CallAsync"/> says.
    /// </exception>
    public async ValueTask<string> EvaluateAsync(RedisLink link, CancellationToken cancellation)
    {
        var sent = Script.EvaluateAsync(link, [.. _keys], [.. _values], cancellation);
        Failpoint.Reach("commit-sent");
        return (string)(await sent)!;
    }
}
