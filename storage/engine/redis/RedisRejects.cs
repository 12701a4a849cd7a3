using System.Text.Json;
using StackExchange.Redis;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Reads refused trades: counts by code with the field <c>total</c>, and the newest as JSON, the
/// newest last.
/// </summary>
internal static class RedisRejects
{
    private const string Total = "total";

    /// <exception cref="LogUnavailableException"/>
    public static async ValueTask<long> TotalAsync(
        RedisLink link, CancellationToken cancellation) => (long)await link.CallAsync(
            redis => redis.HashGetAsync(RedisKeys.RejectCounts, Total), cancellation);

    /// <exception cref="LogUnavailableException"/>
    public static async ValueTask<RejectReport> ReadAsync(
        RedisLink link, int limit, CancellationToken cancellation)
    {
        var counts = await link.CallAsync(
            redis => redis.HashGetAllAsync(RedisKeys.RejectCounts), cancellation);
        var recent = await link.CallAsync(
            redis => redis.ListRangeAsync(RedisKeys.RejectRecent, -limit), cancellation);
        return new RejectReport(
            (long)counts.FirstOrDefault(count => count.Name == Total).Value,
            new SortedDictionary<string, long>(
                counts.Where(count => count.Name != Total)
                    .ToDictionary(count => (string)count.Name!, count => (long)count.Value),
                StringComparer.Ordinal),
            [.. recent.Reverse().Select(Read)]);
    }

    private static Reject Read(RedisValue json)
    {
        var body = JsonSerializer.Deserialize((string)json!, ServingJson.Default.RejectBody)!;
        return new Reject(
            body.At,
            [.. body.Errors.SelectMany(
                field => field.Value.Select(code => new FieldError(field.Key, code)))],
            body.Body);
    }
}
