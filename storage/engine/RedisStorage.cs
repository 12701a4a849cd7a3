using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine.Processes;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Storage.Engine;

/// <summary>Registers the Redis back end, and chooses between the two.</summary>
public static class RedisStorage
{
    /// <summary>Redis where <c>Redis:Configuration</c> names one, otherwise files.</summary>
    public static IServiceCollection AddStorage(
        this IServiceCollection services, IConfiguration configuration)
    {
        _ = services.AddValidated<RedisOptions>("Redis");
        return string.IsNullOrEmpty(configuration["Redis:Configuration"])
            ? services.AddFileStorage()
            : services.AddRedisStorage();
    }

    /// <summary>
    /// The back end for many processes. Connects when the first part of it is made. The leases need
    /// a <see cref="CellRetention"/>, which the worker registers.
    /// </summary>
    public static IServiceCollection AddRedisStorage(this IServiceCollection services)
    {
        _ = services.AddValidated<RedisOptions>("Redis");
        _ = services.AddInfo(static (provider, info) => Describe(provider, info));
        _ = services.AddSingleton(static provider => RedisBackEnd.OpenAsync(
            Options(provider),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisBackEnd>>()).GetAwaiter().GetResult());
        _ = services.AddSingleton(static provider => RedisServerSettings.OpenAsync(
            provider.GetRequiredService<RedisBackEnd>().Link,
            provider.GetRequiredService<TimeProvider>()).GetAwaiter().GetResult());
        _ = services.AddSingleton<ITradeLog, RedisTradeLog>();
        _ = services.AddSingleton<IOnceLog, RedisOnceLog>();
        _ = services.AddSingleton<IShardLeases, RedisShardLeases>();
        _ = services.AddSingleton<ITradeStore, RedisStore>();
        _ = services.AddSingleton<IDeadLetters, RedisDeadLetters>();
        _ = services.AddSingleton<ILiveFeed, RedisLiveFeed>();
        _ = services.AddSingleton<IStoreHealth, RedisStoreHealth>();
        _ = services.AddSingleton<IProcessBoard, RedisProcessBoard>();
        _ = services.AddSingleton<RedisRejectLog>();
        _ = services.AddSingleton<IRejectLog>(
            static provider => provider.GetRequiredService<RedisRejectLog>());
        _ = services.AddHostedService(
            static provider => provider.GetRequiredService<RedisRejectLog>());
        return services;
    }

    /// <summary>Redis must do a write for the program to be ready.</summary>
    public static IServiceCollection AddRedisReadiness(this IServiceCollection services) =>
        services.AddReadiness("redis", static async (provider, cancellation) =>
            _ = await provider.GetRequiredService<RedisBackEnd>().EpochAsync(cancellation));

    private static void Describe(IServiceProvider provider, ProgramInfo info)
    {
        var options = Options(provider);
        var server = provider.GetRequiredService<RedisServerSettings>().Refresh();
        info.Mode = "redis";
        info.Durability = server.Durability;
        info.Redis = new RedisInfoBody(
            server.AppendOnly, server.AppendFsync, server.Replicas, options.WaitReplicas);
        info.Limit("redisPendingFrames", options.MaxPendingFrames);
        info.Limit("redisDeadFrames", options.MaxDeadFrames);
        info.Limit("redisRecentTrades", options.RecentTrades);
        info.Limit("redisRecentRejects", options.RecentRejects);
        info.Limit("redisCacheBytes", options.CacheBytes);
    }

    private static RedisOptions Options(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<RedisOptions>>().Value;
        return options.Configuration.Length > 0 ? options : throw new StartRefusedException(
            "Redis:Configuration: must name a Redis, such as 127.0.0.1:6379. "
            + "For everything in one process without Redis, start the host.");
    }
}
