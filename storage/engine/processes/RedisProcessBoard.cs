using System.Text.Json;
using System.Text.Json.Serialization;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Storage.Engine.Processes;

/// <summary>
/// The board of all processes on a Redis: a hash of their last words. Whoever reports also takes
/// out those that were silent for a minute, so that it does not grow.
/// </summary>
internal sealed partial class RedisProcessBoard(RedisBackEnd backEnd, TimeProvider time)
    : IProcessBoard
{
    private const long SilentMs = 60_000;

    // KEYS reports, times; ARGV id, report, ms. HDEL is taken also without memory left.
    private static readonly RedisScript Report = new("""
        local clock = redis.call('TIME')
        local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
        for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[3])) do
            redis.call('HDEL', KEYS[1], id)
        end
        redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[3])
        redis.call('ZADD', KEYS[2], now, ARGV[1])
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
        return 1
        """);

    // Every frontend asks once a second.
    private readonly SharedRead<ProcessReport[]> _reports = new(
        TimeSpan.FromMilliseconds(250), time, () => ReadAsync(backEnd.Link));

    public async ValueTask ReportAsync(ProcessReport report, CancellationToken cancellation) =>
        _ = await Report.EvaluateAsync(
            backEnd.Link,
            [RedisKeys.Processes, RedisKeys.ProcessTimes],
            [
                report.Id,
                JsonSerializer.SerializeToUtf8Bytes(report, ReportJson.Default.ProcessReport),
                SilentMs,
            ],
            cancellation);

    public async ValueTask<IReadOnlyList<ProcessReport>> ListAsync(
        CancellationToken cancellation) =>
        await _reports.GetAsync(cancellation);

    private static async Task<ProcessReport[]> ReadAsync(RedisLink link)
    {
        var reports = await link.CallAsync(
            static database => database.HashValuesAsync(RedisKeys.Processes));
        return [.. reports
            .Select(json => JsonSerializer.Deserialize(
                (byte[])json!, ReportJson.Default.ProcessReport)!)
            .OrderBy(report => report.Id, StringComparer.Ordinal)];
    }

    [JsonSerializable(typeof(ProcessReport))]
    private sealed partial class ReportJson : JsonSerializerContext;
}
