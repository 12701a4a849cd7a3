using System.Net;
using System.Net.Sockets;
using System.Text;
using TradeProcessor.Tests.Faults.Clients;
using TradeProcessor.Tests.Faults.Programs;

namespace TradeProcessor.Tests.Faults;

/// <summary>What the other tests believe: the accounts find every fault, the proxy makes them.</summary>
public sealed class BenchTests
{
    private static readonly byte[] Hello = Encoding.ASCII.GetBytes("hello, shard");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Settle_AnyLossOrDouble_IsFound()
    {
        const int Seed = 21;
        var random = new Random(Seed);
        var book = new PageBook();
        var page = book.Next();
        var trades = new TradeRequest(page, BodyShape.Lines, 60, random).Trades;
        var acknowledged = trades.Take(44).ToList();
        var unknown = trades.Skip(44).ToList();
        page.Acknowledge(acknowledged);
        page.LeaveUnknown(unknown);
        var all = Sum(acknowledged);

        Assert.Equal(0, page.Settle(all));
        Assert.Equal(16, page.Settle(all + Sum(unknown)));
        Assert.Equal(3, page.Settle(all + unknown[0] + unknown[7] + unknown[15]));
        foreach (var trade in acknowledged)
        {
            Assert.Null(page.Settle(all - trade));
            Assert.Null(page.Settle(all + trade));
            Assert.Null(page.Settle(all - trade + unknown[3]));
            Assert.Null(page.Settle(all - trade + acknowledged[(acknowledged.IndexOf(trade) + 1) % 44]));
        }
        Assert.Null(page.Settle(all + unknown[5] + unknown[5]));
    }

    [Fact]
    public void Book_ItsPages_AreAllDifferent()
    {
        var book = new PageBook();
        var pages = Enumerable.Range(0, 20 * 19 * 20).Select(_ => book.Next()).ToList();
        Assert.Equal(pages.Count, pages.Select(page => (page.Pair, page.Country)).Distinct().Count());
        Assert.All(pages, page => Assert.NotEqual(page.Pair[..3], page.Pair[4..]));
    }

    [Fact]
    public async Task Proxy_EachFault_IsWhatItSays()
    {
        using var echo = new EchoServer();
        await using var proxy = new FaultProxy(echo.Port);

        using (var client = await ConnectAsync(proxy.Port))
        {
            Assert.True(await EchoesAsync(client));

            proxy.BlackHole();
            await client.SendAsync(Hello, Cancellation);
            Assert.False(await ReadsAsync(client, TimeSpan.FromMilliseconds(200)));
            proxy.Pass();
            Assert.True(await ReadsAsync(client, TimeSpan.FromSeconds(5)));

            proxy.Delay(TimeSpan.FromMilliseconds(300));
            await client.SendAsync(Hello, Cancellation);
            Assert.False(await ReadsAsync(client, TimeSpan.FromMilliseconds(200)));
            Assert.True(await ReadsAsync(client, TimeSpan.FromSeconds(5)));
            proxy.Pass();

            proxy.HalfClose(Flow.ToServer);
            Assert.Equal(0, await client.ReceiveAsync(new byte[1], Cancellation)); // its answer to our end
        }
        using (var client = await ConnectAsync(proxy.Port))
        {
            Assert.True(await EchoesAsync(client));
            proxy.Cut();
            await AssertResetAsync(client);
        }
        proxy.CutAfter(Flow.ToServer, Hello.Length + 4);
        using (var client = await ConnectAsync(proxy.Port))
        {
            Assert.True(await EchoesAsync(client));
            await client.SendAsync(Hello, Cancellation);
            await AssertResetAsync(client);
        }
        proxy.Refuse();
        var refused = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(proxy.Port));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        proxy.Pass();
        using (var client = await ConnectAsync(proxy.Port))
            Assert.True(await EchoesAsync(client));
    }

    private static TradeSums Sum(IEnumerable<TradeSums> trades) =>
        trades.Aggregate(default(TradeSums), (left, right) => left + right);

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), Cancellation);
        return socket;
    }

    private static async Task<bool> EchoesAsync(Socket client)
    {
        await client.SendAsync(Hello, Cancellation);
        return await ReadsAsync(client, TimeSpan.FromSeconds(5));
    }

    private static async Task<bool> ReadsAsync(Socket client, TimeSpan limit)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(limit);
        var buffer = new byte[Hello.Length];
        try
        {
            for (var read = 0; read < buffer.Length;)
                read += await client.ReceiveAsync(buffer.AsMemory(read), timeout.Token);
            return buffer.AsSpan().SequenceEqual(Hello);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task AssertResetAsync(Socket client)
    {
        var reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (await client.ReceiveAsync(new byte[64], Cancellation) > 0)
            {
            }
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }
}
