using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace TradeProcessor.Tests.Integration;

/// <summary>A consumer that is told to stop says so while it still serves.</summary>
public sealed class DrainTests
{
    private static readonly Uri Ready = new("/health/ready", UriKind.Relative);

    [Fact]
    public async Task Terminate_WithDrainNotice_IsNotReadyButServesUntilItIsOver()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(
            directory.Path,
            "--Intake:DrainNotice", "00:00:05",
            "--Intake:StallLimit", "00:00:20");
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
