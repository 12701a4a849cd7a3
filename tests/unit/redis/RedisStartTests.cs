using System.Net.Sockets;
using System.Text;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>Starts against a Redis that is not quite there.</summary>
public sealed class RedisStartTests
{
    [Fact]
    public async Task Open_WritesHeldUpForLongerThanACall_WaitsForThem()
    {
        await using var server = await RedisServer.StartAsync();
        await SendAsync(server, "CLIENT PAUSE 2000 WRITE");
        await using var backEnd = await server.OpenAsync();
        Assert.Equal(2, backEnd.ShardCount);
    }

    [Fact]
    public async Task Open_OtherNumberOfShards_IsRefusedAtOnce()
    {
        await using var server = await RedisServer.StartAsync();
        await using (await server.OpenAsync(server.Options(shards: 2)))
        {
        }
        var refused = await Assert.ThrowsAsync<StartRefusedException>(
            () => server.OpenAsync(server.Options(shards: 3)));
        Assert.StartsWith("Redis:Shards = '3'", refused.Message, StringComparison.Ordinal);
    }

    private static async Task SendAsync(RedisServer server, string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\n"));
        var reply = new byte[5];
        await client.GetStream().ReadExactlyAsync(reply);
        Assert.Equal("+OK\r\n", Encoding.ASCII.GetString(reply));
    }
}
