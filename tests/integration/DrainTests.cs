using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace TradeProcessor.Tests.Integration;

/// <summary>A consumer that is told to stop says so while it still serves.</summary>
public sealed class DrainTests
{
    private const string Late = """
        {"userId":"late","currencyFrom":"EUR","currencyTo":"GBP","amountSell":1000,"amountBuy":747.1,"rate":0.7471,"timePlaced":"24-JAN-15 10:27:44","originatingCountry":"FR"}
        """;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private static readonly Uri Ready = new("/health/ready", UriKind.Relative);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Terminate_WithDrainNotice_IsNotReadyButServesUntilItIsOver()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(
            directory.Path,
            "--Intake:DrainNotice", "00:00:05");
        var client = new TradeClient(seed: 4);
        var random = new Random(4);
        var notice = Stopwatch.StartNew();
        host.Terminate();
        while (await host.IsReadyAsync())
            Assert.True(notice.Elapsed < TimeSpan.FromSeconds(3), "it must say that it stops");
        // On connections of their own, as those that come late have them.
        while (notice.Elapsed < TimeSpan.FromSeconds(2))
        {
            using var late = new HttpClient { BaseAddress = host.Address };
            Assert.Equal(HttpStatusCode.Accepted, await client.PostAsync(late, 3, random));
            using var ready = await late.GetAsync(Ready, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        }
        Assert.Equal(0, await host.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(notice.Elapsed > TimeSpan.FromSeconds(4.9), "the notice must be kept");
        var stored = StoredTrades.Read(directory.Path);
        Assert.Empty(client.Acknowledged.Keys.Except(stored.TimesByUserId.Keys));
    }

    /// <summary>A request that never ends costs its own answer, not the order of the stop.</summary>
    [Fact]
    public async Task Terminate_RequestNeverEnds_StopsInOrder()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        var client = new TradeClient(seed: 5);
        using var http = new HttpClient { BaseAddress = host.Address };
        Assert.Equal(HttpStatusCode.Accepted, await client.PostAsync(http, 3, new Random(5)));
        using var stuck = new TcpClient();
        await stuck.ConnectAsync(
            host.Address.Host, host.Address.Port, TestContext.Current.CancellationToken);
        await stuck.GetStream().WriteAsync(
            "GET / HTTP/1.1\r\nHo"u8.ToArray(), TestContext.Current.CancellationToken);
        host.Terminate();
        Assert.Equal(0, await host.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("Stopped with 3 trades counted", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("crit:", host.Output, StringComparison.Ordinal);
    }

    /// <summary>What has begun is answered, on either way, and all of it is in the log.</summary>
    [Theory]
    [InlineData("true", "")]
    [InlineData("false", "")]
    [InlineData("true", "Cookie: a=b\r\n")] // Kestrel's
    public async Task Terminate_BodyUnderWay_IsAnswered(string lane, string header)
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(
            directory.Path, "--Intake:Lane", lane);
        using var client = await ConnectAsync(host);
        var body = Encoding.UTF8.GetBytes(Late);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
            $"POST /trades HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{header}"
            + $"Content-Length: {body.Length}\r\n\r\n"), Cancellation);
        await client.GetStream().WriteAsync(body.AsMemory(0, 20), Cancellation);
        await Task.Delay(Moment, Cancellation); // until it is read
        host.Terminate();
        await Eventually(async () => !await host.IsLiveAsync());
        await Task.Delay(Moment, Cancellation); // until all connections know of the stop
        await client.GetStream().WriteAsync(body.AsMemory(20), Cancellation);
        var answer = await ReadAllAsync(client);
        Assert.StartsWith("HTTP/1.1 202", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Equal(0, await host.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        Assert.DoesNotContain("fail:", host.Output, StringComparison.Ordinal);
        Assert.Contains("late", StoredTrades.Read(directory.Path).TimesByUserId.Keys);
    }

    /// <summary>One that stalls holds up no other: each is ended as soon as it can be.</summary>
    [Fact]
    public async Task Terminate_BodyStallsInTheLane_OthersAreEndedBeforeIt()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(directory.Path);
        using var stalled = await ConnectAsync(host);
        await stalled.GetStream().WriteAsync(
            "POST /trades HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"u8
                .ToArray(),
            Cancellation);
        using var other = await ConnectAsync(host);
        await other.GetStream().WriteAsync(
            "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancellation);
        await Task.Delay(Moment, Cancellation);
        host.Terminate();
        var (stalledEnds, otherEnds) = (ReadAllAsync(stalled), ReadAllAsync(other));
        Assert.Same(otherEnds, await Task.WhenAny(stalledEnds, otherEnds));
        Assert.StartsWith("HTTP/1.1 200", await otherEnds, StringComparison.Ordinal);
        _ = await stalledEnds;
        Assert.Equal(0, await host.WaitForExitAsync(TimeSpan.FromSeconds(30)));
    }

    /// <summary>A page that comes back while a stop is under way does not hold it up.</summary>
    [Fact]
    public async Task Terminate_LivePageComesBack_IsEndedWhileTheHostStillServes()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(
            directory.Path, "--Intake:DrainNotice", "00:00:30");
        host.Terminate();
        await Eventually(async () => !await host.IsReadyAsync());
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{host.Address.Authority}/live"), cancellation);
        await socket.SendAsync(
            "{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray(),
            WebSocketMessageType.Text, true, cancellation);
        var ended = Task.Run(() => ReadToEndAsync(socket), cancellation);
        await ended.WaitAsync(TimeSpan.FromSeconds(20), cancellation);
        Assert.False(await host.IsReadyAsync());
        using var http = new HttpClient { BaseAddress = host.Address };
        using var live = await http.GetAsync(new Uri("/health/live", UriKind.Relative), cancellation);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    private static async Task<TcpClient> ConnectAsync(HostProcess host)
    {
        var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port, Cancellation);
        return client;
    }

    private static async Task<string> ReadAllAsync(TcpClient client)
    {
        using var answer = new MemoryStream();
        try
        {
            await client.GetStream().CopyToAsync(answer, Cancellation);
        }
        catch (IOException)
        {
            // Cut, which is an end as well.
        }
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    private static async Task Eventually(Func<Task<bool>> isTrue)
    {
        var waited = Stopwatch.StartNew();
        while (!await isTrue())
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(20));
    }

    private static async Task ReadToEndAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while ((await socket.ReceiveAsync(buffer, CancellationToken.None)).MessageType
                != WebSocketMessageType.Close)
            {
                // The handshake's answer.
            }
        }
        catch (WebSocketException)
        {
            // Cut, which is an end as well.
        }
    }
}
