using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>A Redis of its own on a free port of the loopback.</summary>
internal sealed partial class RedisServer : IAsyncDisposable
{
    private const int Sigkill = 9;
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private readonly Process _process;

    private RedisServer(int port, string[] arguments)
    {
        Port = port;
        var start = new ProcessStartInfo("redis-server") { WorkingDirectory = _directory.Path };
        foreach (var argument in (string[])["--port", $"{port}", "--bind", "127.0.0.1",
            "--save", "", "--logfile", "/dev/null", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        _process = Process.Start(start)!;
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public static async Task<RedisServer> StartAsync(params string[] arguments)
    {
        var server = new RedisServer(FreePort(), arguments);
        var started = Stopwatch.StartNew();
        while (!await server.AnswersAsync())
        {
            Assert.False(server._process.HasExited, "redis-server ended");
            Assert.True(started.Elapsed < StartLimit, "redis-server does not answer");
            await Task.Delay(20);
        }
        return server;
    }

    public RedisOptions Options(int shards = 2) =>
        new() { Configuration = Address, Shards = shards };

    public Task<RedisBackEnd> OpenAsync(RedisOptions? options = null) => RedisBackEnd.OpenAsync(
        options ?? Options(), TimeProvider.System, NullLogger<RedisBackEnd>.Instance);

    /// <summary>It does nothing until <see cref="Thaw"/>; its connections stay.</summary>
    public void Freeze() => Assert.Equal(0, SendSignal(_process.Id, Sigstop));

    public void Thaw() => Assert.Equal(0, SendSignal(_process.Id, Sigcont));

    public void Kill() => Assert.Equal(0, SendSignal(_process.Id, Sigkill));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await using var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[5];
            await stream.ReadExactlyAsync(answer);
            return answer.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
