using System.Net;

namespace TradeProcessor.Tests.Integration;

/// <inheritdoc/>
public sealed class RedisOnceTests(RedisFixture fixture) : OnceContract, IClassFixture<RedisFixture>
{
    private protected override HttpClient Client => fixture.Host.Client;

    // Shards are counted side by side. A frame leaves its list in the step that counts it.
    private protected override async Task UntilInOrderAsync()
    {
        var limit = DateTime.UtcNow.AddSeconds(30);
        for (var shard = 0; shard < 3; shard++)
        {
            while (!(await fixture.Redis.CallAsync($"LLEN tp:{{{shard}}}:log"))
                .StartsWith(":0\r\n", StringComparison.Ordinal))
            {
                Assert.True(DateTime.UtcNow < limit, $"the log of shard {shard} must be counted");
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task Terminate_RedisSilent_GivesTheKeyUpAfterTheDrainLimit()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var host = await HostProcess.StartAsync(
            redis, "--Intake:DrainLimit", "00:00:01");
        redis.Freeze();
        try
        {
            Assert.Equal(
                HttpStatusCode.ServiceUnavailable,
                (await PostAsync(host.Client, Trade("drained"), Json, "drained")).Status);
            host.Terminate();
            _ = await host.WaitForExitAsync(TimeSpan.FromSeconds(30));
            Assert.Contains(
                "takes no trades with a key: The consumer stopped before the log had answered.",
                host.Output,
                StringComparison.Ordinal);
        }
        finally
        {
            redis.Thaw();
        }
    }
}
