using System.Diagnostics;
using StackExchange.Redis;

namespace TradeProcessor.Bench.Redis;

/// <summary>One LPUSH of JSON for each trade, as many in flight as the library takes well.</summary>
internal static class JsonPush
{
    private const int InFlight = 256;
    private const int Texts = 1024;

    private static readonly RedisKey List = "bench:json";

    /// <summary>Pushed trades and the seconds that they took; the list is gone afterwards.</summary>
    public static async Task<(long Pushed, double Seconds)> RunAsync(int port, double seconds)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port}");
        var database = redis.GetDatabase();
        var texts = Enumerable.Range(0, Texts).Select(i => SampleTrades.Text(i)).ToArray();
        var started = Stopwatch.GetTimestamp();
        var lanes = await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async lane =>
        {
            var pushed = 0L;
            for (; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; pushed++)
                _ = await database.ListLeftPushAsync(List, texts[(lane + pushed) % Texts]);
            return pushed;
        }));
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        _ = await database.KeyDeleteAsync(List);
        return (lanes.Sum(), took);
    }
}
