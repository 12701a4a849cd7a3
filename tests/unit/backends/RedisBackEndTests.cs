using System.Net.Sockets;
using TradeProcessor.Storage.Engine;
using TradeProcessor.Tests.Unit.Redis;

namespace TradeProcessor.Tests.Unit.BackEnds;

public sealed class RedisBackEndTests : BackEndContract
{
    private RedisServer? _server;

    public override async ValueTask InitializeAsync() => _server = await RedisServer.StartAsync();

    public override ValueTask DisposeAsync() => _server!.DisposeAsync();

    private protected override Task<BackEnd> OpenAsync() => BackEnd.OpenAsync(
        services => services.AddRedisStorage(),
        new Dictionary<string, string?>
        {
            ["Redis:Configuration"] = _server!.Address,
            ["Redis:Shards"] = "2",
            ["Redis:LeaseTime"] = "00:00:01",
        });

    private protected override async Task EmptyAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _server!.Port);
        await client.GetStream().WriteAsync("FLUSHALL\r\n"u8.ToArray());
        var reply = new byte[5];
        await client.GetStream().ReadExactlyAsync(reply);
        Assert.Equal("+OK\r\n"u8.ToArray(), reply);
    }
}
