using System.Security.Cryptography;
using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Requests with a key, in Redis: one script looks at a key, pushes the frame and remembers the
/// key, so key and trades are there together or not at all. A call whose outcome is unknown is
/// repeated until it is known.
/// </summary>
internal sealed class RedisOnceLog(RedisBackEnd backEnd, TimeProvider time) : IOnceLog
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(100);

    // A key's value is the body's digest and the id of the call that set it: by the latter, a call
    // that is repeated knows its own. Where replicas are waited for, a known key is set again, as
    // they may lack it still.
    private static readonly RedisScript Append = new("""
        local limit, kept, touch = tonumber(ARGV[1]), ARGV[2], ARGV[3] == '1'
        local waiting = redis.call('LLEN', KEYS[1])
        local outcomes = {}
        for i = 2, #KEYS do
            local value, frame = ARGV[2 * i], ARGV[2 * i + 1]
            local known = redis.call('GET', KEYS[i])
            if known then
                if touch then redis.call('SET', KEYS[i], known, 'KEEPTTL') end
                if known == value then
                    outcomes[i - 1] = 0
                elseif string.sub(known, 1, 16) == string.sub(value, 1, 16) then
                    outcomes[i - 1] = 1
                else
                    outcomes[i - 1] = 2
                end
            elseif waiting >= limit then
                outcomes[i - 1] = 3
            else
                redis.call('RPUSH', KEYS[1], frame)
                redis.call('SET', KEYS[i], value, 'PX', kept)
                waiting = waiting + 1
                outcomes[i - 1] = 0
            end
        end
        return outcomes
        """);

    private const int CallIdBytes = 8;

    public int ShardCount => backEnd.ShardCount;

    public async ValueTask<OnceOutcome[]> AppendOnceAsync(
        int shard,
        IReadOnlyList<OnceAppend> appends,
        long receivedAtTicks,
        CancellationToken cancellation)
    {
        var keys = Keys(shard, appends);
        var values = Values(appends, receivedAtTicks);
        for (var unknown = false; ; await Task.Delay(RetryEvery, time, cancellation))
        {
            try
            {
                var outcomes = await TryAppendAsync(keys, values, cancellation);
                backEnd.Bell.Ring(shard);
                return outcomes;
            }
            catch (LogUnavailableException exception)
                when (unknown || exception.InnerException is not RedisRefusedException)
            {
                unknown = true;
            }
        }
    }

    private async ValueTask<OnceOutcome[]> TryAppendAsync(
        RedisKey[] keys, RedisValue[] values, CancellationToken cancellation)
    {
        if (backEnd.Replicas is not { } replicas)
            return Outcomes(await Append.EvaluateAsync(backEnd.Link, keys, values, cancellation));
        var (connection, answer) = await Append.EvaluateAsync(
            replicas, keys, values, cancellation);
        await replicas.UntilTheyHaveAsync(connection, cancellation);
        return Outcomes(answer);
    }

    private static OnceOutcome[] Outcomes(RedisResult answer) =>
        Array.ConvertAll((long[])answer!, outcome => (OnceOutcome)outcome);

    private static RedisKey[] Keys(int shard, IReadOnlyList<OnceAppend> appends)
    {
        var keys = new RedisKey[1 + appends.Count];
        keys[0] = RedisKeys.Log(shard);
        var bytes = new byte[RequestKey.Bytes];
        for (var i = 0; i < appends.Count; i++)
        {
            appends[i].Bound.Key.Write(bytes);
            keys[1 + i] = RedisKeys.Once(shard, Convert.ToHexStringLower(bytes));
        }
        return keys;
    }

    private RedisValue[] Values(IReadOnlyList<OnceAppend> appends, long receivedAtTicks)
    {
        var values = new RedisValue[3 + 2 * appends.Count];
        values[0] = backEnd.Options.MaxPendingFrames;
        values[1] = (long)IOnceLog.RememberedFor.TotalMilliseconds;
        values[2] = backEnd.Options.WaitReplicas > 0 ? 1 : 0;
        var callId = RandomNumberGenerator.GetBytes(CallIdBytes);
        for (var i = 0; i < appends.Count; i++)
        {
            var value = new byte[BodyDigest.Bytes + CallIdBytes];
            appends[i].Bound.Body.Write(value);
            callId.CopyTo(value, BodyDigest.Bytes);
            values[3 + 2 * i] = value;
            values[4 + 2 * i] = Frame(appends[i], receivedAtTicks);
            receivedAtTicks += appends[i].Count;
        }
        return values;
    }

    // Not numbered: what repeats it is the key's to know, so the worker is to count each.
    private static byte[] Frame(in OnceAppend append, long receivedAtTicks)
    {
        var frame = new byte[TradeFrame.HeaderBytes + append.Records.Length];
        append.Records.CopyTo(frame.AsMemory(TradeFrame.HeaderBytes));
        TradeFrame.Seal(frame, append.Count, producerId: 0, producerSequence: 0, receivedAtTicks);
        return frame;
    }
}
