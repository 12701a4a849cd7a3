using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>A redis-server of its own, with nothing on the disk, until it is disposed.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private readonly string[] _arguments;
    private Process _process;

    private RedisServer(int port, string[] arguments)
    {
        Port = port;
        _arguments = arguments;
        _process = Start();
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public static async Task<RedisServer> StartAsync(params string[] arguments)
    {
        var server = new RedisServer(FreePort(), arguments);
        await server.AnsweringAsync();
        return server;
    }

    /// <summary>Kills it and starts it again on its port, with the directory as it is.</summary>
    public Task RestartAsync()
    {
        Kill();
        _process.Dispose();
        _process = Start();
        return AnsweringAsync();
    }

    public RedisOptions Options(int shards = 2) =>
        new() { Configuration = Address, Shards = shards };

    public Task<RedisBackEnd> OpenAsync(RedisOptions? options = null) => RedisBackEnd.OpenAsync(
        options ?? Options(), TimeProvider.System, NullLogger<RedisBackEnd>.Instance);

    /// <summary>One command without blanks in its arguments; returns the reply as it is.</summary>
    public async Task<string> CallAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\nQUIT\r\n"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _process.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("redis-server")
        {
            ArgumentList =
            {
                "--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--logfile", "/dev/null",
                "--dir", _directory.Path,
            },
        };
        foreach (var argument in _arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private async Task AnsweringAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (!await AnswersAsync())
        {
            Assert.False(_process.HasExited, "redis-server ended at once.");
            Assert.True(Stopwatch.GetElapsedTime(started) < StartLimit, "redis-server is silent.");
            await Task.Delay(10);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return (await CallAsync("PING")).StartsWith("+PONG", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
