using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TradeProcessor.Tests.Support;

/// <summary>
/// A real redis-server with a directory of its own. It keeps its port and its data, so that one
/// that was killed can be started again.
/// </summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    /// <summary>What a 202 needs to survive the end of the machine.</summary>
    public static readonly string[] Durable = ["--appendonly", "yes", "--appendfsync", "always"];

    private const int BusDistance = 10_000; // of the port by which a cluster's nodes talk

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory? _own;
    private readonly string[] _arguments;
    private ChildProcess _process;

    private RedisProcess(string? directory, string[] arguments)
    {
        _own = directory is null ? new TemporaryDirectory() : null;
        Port = arguments.Contains("--cluster-enabled") ? Ports.FreePair(BusDistance) : Ports.Free();
        _arguments =
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1",
            "--save", "", "--dir", directory ?? _own!.Path, .. arguments,
        ];
        _process = Launch();
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public bool HasExited => _process.HasExited;

    public string Output => _process.Output;

    public static Task<RedisProcess> StartAsync(params string[] arguments) =>
        StartInAsync(null, arguments);

    /// <param name="directory">Where its data goes; null for one of its own.</param>
    public static async Task<RedisProcess> StartInAsync(string? directory, params string[] arguments)
    {
        var redis = new RedisProcess(directory, arguments);
        await redis.UntilAnswersAsync();
        return redis;
    }

    public Task KillAsync() => _process.KillAsync();

    /// <summary>Again on its port and its data, after it has ended.</summary>
    public async Task StartAgainAsync()
    {
        await _process.DisposeAsync();
        _process = Launch();
        await UntilAnswersAsync();
    }

    public void Freeze() => _process.Freeze();

    public void Thaw() => _process.Thaw();

    /// <summary>One command without blanks in its arguments; returns the reply as it is.</summary>
    public async Task<string> CallAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\nQUIT\r\n"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _own?.Dispose();
    }

    private ChildProcess Launch() => new("redis-server", _arguments);

    private async Task UntilAnswersAsync()
    {
        var started = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"redis-server ended: {Output}");
            if (started.Elapsed > StartLimit)
                throw new TimeoutException($"redis-server does not answer: {Output}");
            await Task.Delay(20);
        }
    }

    // Not while it still loads its data.
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
