using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace TradeProcessor.Tests.Integration;

/// <summary>What section <c>Connections</c> promises.</summary>
public sealed class ConnectionTests
{
    private const int Clients = 64;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Port_SharedByTwoProcesses_IsServedByBothAndThenByTheOther()
    {
        using var directories = new TwoDirectories();
        await using var first = await HostProcess.StartAsync(
            directories.First, "--Connections:ReusePort", "true");
        await using var second = await HostProcess.StartAsync(
            directories.Second, "--urls", first.Address.OriginalString,
            "--Connections:ReusePort", "true", "--Intake:MaxTradeBytes", "4000");

        // Answered by the first until the second listens; a kernel that spreads 64 connections
        // over two sockets leaves one of them out once in 2^63 times.
        await UntilBothServeAsync(first, second);

        first.Terminate();
        Assert.Equal(0, await first.WaitForExitAsync(Limit));
        using var fresh = new HttpClient { BaseAddress = first.Address };
        using var answer = await fresh.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Which way requests come in can be seen from outside.</summary>
    [Theory]
    [InlineData("Epoll", "epoll", "true", 3)]
    [InlineData("Sockets", "sockets", "true", 3)]
    [InlineData("Epoll", "epoll", "false", 0)]
    public async Task Transport_AndLane_AreToldOf(
        string transport, string told, string lane, int inLane)
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(
            directory.Path, "--Connections:Transport", transport, "--Intake:Lane", lane);
        var left = await host.MetricAsync("lane_connections_left_total");
        var trades = new TradeClient(5);
        using (var client = new HttpClient { BaseAddress = host.Address })
        {
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(
                    HttpStatusCode.Accepted, await trades.PostAsync(client, 1, new Random(i)));
            }
            using var info = await client.GetFromJsonAsync<JsonDocument>(
                new Uri("/info", UriKind.Relative), Cancellation);
            Assert.Equal(told, info!.RootElement.GetProperty("transport").GetString());
        }
        Assert.Equal(inLane, await host.MetricAsync("lane_requests_total"));
        Assert.Equal(
            inLane > 0 ? left + 1 : 0, await host.MetricAsync("lane_connections_left_total"));
    }

    [Fact]
    public async Task Port_OfAProcessThatDoesNotShare_IsRefused()
    {
        using var directories = new TwoDirectories();
        await using var first = await HostProcess.StartAsync(directories.First);
        var (exitCode, output) = await HostProcess.RunAsync(
            directories.Second, "--urls", first.Address.OriginalString,
            "--Connections:ReusePort", "true");
        Assert.Equal(2, exitCode);
        Assert.Contains("address already in use", output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("--Connections:Backlog", "0", "Connections:Backlog = '0'")]
    [InlineData("--Connections:ReusePort", "some", "Connections:ReusePort = 'some'")]
    [InlineData("--Connections:KeepAliveTimeout", "00:00:00", "Connections:KeepAliveTimeout")]
    [InlineData("--Connections:Backlogs", "9", "Connections:Backlogs = '9': unknown key")]
    public async Task Start_BadKey_EndsWithOneLineThatNamesIt(string key, string value, string expected)
    {
        using var directory = new TemporaryDirectory();
        var (exitCode, output) = await HostProcess.RunAsync(directory.Path, key, value);
        Assert.Equal(2, exitCode);
        var line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith(expected, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_SilentForTheTimeout_IsClosed()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(
            directory.Path, "--Connections:KeepAliveTimeout", "00:00:01");
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(host.Address.Host, host.Address.Port, Cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limit);
        Assert.Equal(0, await client.ReceiveAsync(new byte[1], limit.Token));
    }

    // Each connection asks who it has come to.
    private static async Task UntilBothServeAsync(HostProcess first, HostProcess second)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limit);
        while (true)
        {
            Assert.False(first.HasExited || second.HasExited, first.Output + second.Output);
            var seen = new HashSet<int>();
            for (var i = 0; i < Clients; i++)
            {
                using var fresh = new HttpClient { BaseAddress = first.Address };
                var info = await fresh.GetFromJsonAsync<JsonElement>(
                    new Uri("/info", UriKind.Relative), limit.Token);
                _ = seen.Add(info.GetProperty("limits").GetProperty("intakeTradeBytes").GetInt32());
            }
            if (seen.Count == 2)
                return;
            await Task.Delay(100, limit.Token);
        }
    }

    private sealed class TwoDirectories : IDisposable
    {
        private readonly TemporaryDirectory _first = new();
        private readonly TemporaryDirectory _second = new();

        public string First => _first.Path;

        public string Second => _second.Path;

        public void Dispose()
        {
            _first.Dispose();
            _second.Dispose();
        }
    }
}
