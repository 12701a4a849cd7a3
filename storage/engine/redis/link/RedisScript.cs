using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>A Lua script, sent by its hash; its text only where Redis does not know it.</summary>
internal sealed class RedisScript(string text)
{
#pragma warning disable CA5350 // It is how Redis names scripts; nothing is protected by it.
    private readonly byte[] _hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    /// <exception cref="LogUnavailableException">As <see cref="RedisLink.CallAsync"/> says.</exception>
    public async ValueTask<RedisResult> EvaluateAsync(
        RedisLink link,
        RedisKey[] keys,
        RedisValue[] values,
        CancellationToken cancellation = default)
    {
        try
        {
            return await link.CallAsync(
                database => database.ScriptEvaluateAsync(_hash, keys, values), cancellation);
        }
        catch (LogUnavailableException exception) when (IsUnknownScript(exception))
        {
            return await link.CallAsync(
                database => database.ScriptEvaluateAsync(text, keys, values), cancellation);
        }
    }

    /// <summary>As above, and says on which connection: for replicas that are waited for.</summary>
    /// <exception cref="LogUnavailableException"/>
    public async ValueTask<(RedisConnectionMark Connection, RedisResult Answer)> EvaluateAsync(
        ReplicaWait replicas,
        RedisKey[] keys,
        RedisValue[] values,
        CancellationToken cancellation)
    {
        try
        {
            return await replicas.WriteAsync(
                database => database.ScriptEvaluateAsync(_hash, keys, values), cancellation);
        }
        catch (LogUnavailableException exception) when (IsUnknownScript(exception))
        {
            return await replicas.WriteAsync(
                database => database.ScriptEvaluateAsync(text, keys, values), cancellation);
        }
    }

    private static bool IsUnknownScript(LogUnavailableException exception) =>
        exception.InnerException is RedisRefusedException refused
        && refused.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal);
}
