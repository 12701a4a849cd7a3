namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Who owns a shard, and how the owner reads it. Each script's first write is one that Redis also
/// takes when it has no memory left; then it takes the rest, and the log can be trimmed.
/// </summary>
internal static class LeaseScripts
{
    /// <summary>
    /// KEYS workers; ARGV worker, lease time in ms. Keeps the worker's sign; returns all workers
    /// that were heard of within the lease time.
    /// </summary>
    public static readonly RedisScript Sign = new("""
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
        redis.call('ZADD', KEYS[1], now, ARGV[1])
        return redis.call('ZRANGE', KEYS[1], 0, -1)
        """);

    /// <summary>
    /// KEYS lease, fence, state, marks; ARGV worker, lease time in ms. Returns token, state and
    /// marks; nothing where another worker has the shard. A lease in the worker's own name is one
    /// whose reply was lost. Tokens grow with the clock, so that none comes twice after the store
    /// was emptied or has fallen back to an older state.
    /// </summary>
    public static readonly RedisScript Take = new("""
        local holder = redis.call('GET', KEYS[1])
        if holder and string.sub(holder, 1, #ARGV[1] + 1) ~= ARGV[1] .. ':' then
            return false
        end
        redis.call('DEL', KEYS[1])
        local time = redis.call('TIME')
        local last = tonumber(redis.call('GET', KEYS[2]) or '0')
        local token = string.format('%.0f', math.max(last + 1, time[1] * 1000000 + time[2]))
        redis.call('SET', KEYS[2], token)
        redis.call('SET', KEYS[1], ARGV[1] .. ':' .. token, 'PX', ARGV[2])
        redis.call('HSET', KEYS[3], 'owner', ARGV[1])
        return {token, redis.call('HGETALL', KEYS[3]), redis.call('HGETALL', KEYS[4])}
        """);

    /// <summary>
    /// KEYS lease, fence; ARGV worker, lease time in ms, token. 0 where another has the shard. A
    /// lease that ran out but that nobody took begins again.
    /// </summary>
    public static readonly RedisScript Renew = new("""
        if redis.call('GET', KEYS[2]) ~= ARGV[3] then
            return 0
        end
        if redis.call('PEXPIRE', KEYS[1], ARGV[2]) == 0 then
            redis.call('SET', KEYS[1], ARGV[1] .. ':' .. ARGV[3], 'PX', ARGV[2])
        end
        return 1
        """);

    /// <summary>
    /// KEYS lease, fence; ARGV token. The fence moves on, so that a renewal that is still on its
    /// way does not bring the lease back.
    /// </summary>
    public static readonly RedisScript GiveBack = new("""
        if redis.call('GET', KEYS[2]) == ARGV[1] then
            redis.call('DEL', KEYS[1])
            redis.call('INCR', KEYS[2])
        end
        return 1
        """);

    /// <summary>
    /// KEYS fence, state, log; ARGV token, position, most frames, most bytes, last commit. The
    /// frames from the position on, one at least where there are any; nothing where the shard is
    /// lost, or the store has fallen back behind the last commit.
    /// </summary>
    public static readonly RedisScript Read = new("""
        local head = tonumber(redis.call('HGET', KEYS[2], 'head') or '0')
        local first = ARGV[2] - head
        if redis.call('GET', KEYS[1]) ~= ARGV[1] or first < 0 or head < tonumber(ARGV[5]) then
            return false
        end
        local frames = {}
        local bytes = 0
        for index = first, first + ARGV[3] - 1 do
            local frame = redis.call('LINDEX', KEYS[3], index)
            if not frame then
                break
            end
            bytes = bytes + #frame
            if #frames > 0 and bytes > tonumber(ARGV[4]) then
                break
            end
            frames[#frames + 1] = frame
        end
        return frames
        """);

    /// <summary>
    /// KEYS fence, state; ARGV token, position, nonce of the call. How often the frame at the
    /// position has failed; 0 where the shard is lost. A repeated call counts once.
    /// </summary>
    public static readonly RedisScript Fail = new("""
        if redis.call('GET', KEYS[1]) ~= ARGV[1]
            or (redis.call('HGET', KEYS[2], 'head') or '0') ~= ARGV[2] then
            return 0
        end
        local kept = redis.call('HGET', KEYS[2], 'failures') or ''
        local position, count, nonce = string.match(kept, '^(%d+):(%d+):(.*)$')
        if position ~= ARGV[2] then
            count = 0
        elseif nonce == ARGV[3] then
            return tonumber(count)
        end
        redis.call('HDEL', KEYS[2], 'failures')
        redis.call('HSET', KEYS[2], 'failures', ARGV[2] .. ':' .. (count + 1) .. ':' .. ARGV[3])
        return count + 1
        """);
}
