using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine;
using TradeProcessor.Storage.Engine.Redis;
using TradeProcessor.Tests.Unit.Api;

namespace TradeProcessor.Tests.Unit.Redis;

public sealed class RedisInfoTests
{
    [Fact]
    public async Task Info_OfRedis_TellsWhatIsConfiguredAndAnswersWithoutIt()
    {
        await using var redis = await RedisServer.StartAsync(
            "--appendonly", "yes", "--appendfsync", "always");
        await using var server = await ApiServer.StartAsync(services =>
        {
            services.Configure<RedisOptions>(options =>
            {
                options.Configuration = redis.Address;
                options.WaitReplicas = 2;
            });
            services.AddRedisStorage();
            Assert.Contains(services, service => service.ServiceType == typeof(ITradeLog));
            Assert.Contains(services, service => service.ServiceType == typeof(IRejectLog));
            Assert.Contains(services, service => service.ServiceType == typeof(ILiveFeed));
            Assert.Contains(services, service => service.ServiceType == typeof(IHostedService));
            // The fake store stands in for the one of Redis here.
            services.Replace(ServiceDescriptor.Singleton<ITradeStore>(new FakeStore()));
        });
        await AssertInfoAsync(server);
        redis.Freeze();
        await AssertInfoAsync(server);
        redis.Thaw();
    }

    private static async Task AssertInfoAsync(ApiServer server)
    {
        var info = JsonDocument.Parse(await server.GetAsync("/info")).RootElement;
        Assert.Equal("redis", info.GetProperty("mode").GetString());
        Assert.Equal("disk", info.GetProperty("durability").GetString());
        var limits = info.GetProperty("limits");
        Assert.Equal(20_000, limits.GetProperty("redisPendingFrames").GetInt64());
        var redis = info.GetProperty("redis");
        Assert.Equal("yes", redis.GetProperty("appendonly").GetString());
        Assert.Equal("always", redis.GetProperty("appendfsync").GetString());
        Assert.Equal(0, redis.GetProperty("replicas").GetInt32());
        Assert.Equal(2, redis.GetProperty("waitReplicas").GetInt32());
    }
}
