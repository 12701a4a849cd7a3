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

    /// <summary>
    /// As above, then waits for replicas on the same connection, which is the only one where Redis
    /// knows which writes it is to wait for: a script that wrote nothing has nothing to wait for.
    /// </summary>
    /// <param name="waitMs">Longest time to wait, well below the limit of a call.</param>
    /// <returns>The script's answer, and how many replicas have what it wrote.</returns>
    public async ValueTask<(RedisResult Answer, int Replicas)> EvaluateAsync(
        RedisLink link,
        RedisKey[] keys,
        RedisValue[] values,
        int replicas,
        int waitMs,
        CancellationToken cancellation)
    {
        try
        {
            return await link.CallAsync(database => BothAsync(
                database.ScriptEvaluateAsync(_hash, keys, values),
                database.ExecuteAsync("WAIT", replicas, waitMs)), cancellation);
        }
        catch (LogUnavailableException exception) when (IsUnknownScript(exception))
        {
            return await link.CallAsync(database => BothAsync(
                database.ScriptEvaluateAsync(text, keys, values),
                database.ExecuteAsync("WAIT", replicas, waitMs)), cancellation);
        }
    }

    private static async Task<(RedisResult Answer, int Replicas)> BothAsync(
        Task<RedisResult> script, Task<RedisResult> wait)
    {
        var results = await Task.WhenAll(script, wait);
        return (results[0], (int)results[1]);
    }

    private static bool IsUnknownScript(LogUnavailableException exception) =>
        exception.InnerException is RedisRefusedException refused
        && refused.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal);
}
