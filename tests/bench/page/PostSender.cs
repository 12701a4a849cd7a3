using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Page;

/// <summary>What a sender did.</summary>
/// <param name="StartMs">Of the first POST, milliseconds since 1970.</param>
/// <param name="Posts">Answered with 202.</param>
internal sealed record Sent(double StartMs, long Posts, double Seconds);

/// <param name="Rate">Posts a second, on a timetable; 0 for as fast as they are answered.</param>
internal sealed record SendPlan(
    Uri Server, int Connections, int TradesPerPost, long Posts, double Rate)
{
    public IEnumerable<string> Arguments =>
    [
        PostSender.Command,
        Server.Port.ToString(CultureInfo.InvariantCulture),
        Connections.ToString(CultureInfo.InvariantCulture),
        TradesPerPost.ToString(CultureInfo.InvariantCulture),
        Posts.ToString(CultureInfo.InvariantCulture),
        Rate.ToString("R", CultureInfo.InvariantCulture),
    ];

    public static SendPlan Parse(string[] arguments) => new(
        new Uri($"http://127.0.0.1:{arguments[1]}"),
        int.Parse(arguments[2], CultureInfo.InvariantCulture),
        int.Parse(arguments[3], CultureInfo.InvariantCulture),
        long.Parse(arguments[4], CultureInfo.InvariantCulture),
        double.Parse(arguments[5], CultureInfo.InvariantCulture));
}

/// <summary>
/// Sends an exact number of POSTs from requests made before, one in flight on a connection, and
/// says when it began. With a rate, POST k is due at start + k ÷ rate, whatever the answers do. Runs
/// as a program of its own.
/// </summary>
internal sealed class PostSender(SendPlan plan)
{
    /// <summary>First argument of the program that is this sender.</summary>
    public const string Command = "post-sender";

    private const int Requests = 4096; // different ones, of single trades
    private const int Batches = 64;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private readonly byte[][] _requests =
        [.. Enumerable.Range(0, plan.TradesPerPost == 1 ? Requests : Batches).Select(i => Request(plan, i))];

    private long _next = -1;
    private long _accepted;
    private long _started;

    /// <summary>Runs one on the generator's processor.</summary>
    public static async Task<Sent> RunAsync(SendPlan plan)
    {
        using var sender = ChildProcess.OnCore(
            Cores.Generator,
            "env",
            // With one processor a hand-over to another thread only costs.
            [
                "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1", "DOTNET_TieredPGO=0", "dotnet",
                typeof(PostSender).Assembly.Location, .. plan.Arguments,
            ]);
        var output = await sender.EndAsync(Limit);
        var numbers = output.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return numbers is [var start, var posts, var seconds] && posts == plan.Posts
            ? new Sent(start, (long)posts, seconds)
            : throw new InvalidOperationException(
                $"Not all POSTs were answered with 202: {output}{sender.LastError}");
    }

    /// <summary>The program itself.</summary>
    public async Task SendAsync()
    {
        var sockets = await Task.WhenAll(
            Enumerable.Range(0, plan.Connections).Select(_ => ConnectAsync()));
        var startMs = (DateTime.UtcNow - DateTime.UnixEpoch).TotalMilliseconds;
        _started = Stopwatch.GetTimestamp();
        await Task.WhenAll(sockets.Select(PostAsync));
        var seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{startMs:R} {_accepted} {seconds:R}"));
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, plan.Server.Port);
        return socket;
    }

    private async Task PostAsync(Socket socket)
    {
        using var owned = socket;
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var post = Interlocked.Increment(ref _next);
            if (post >= plan.Posts)
                return;
            if (plan.Rate > 0)
                await UntilAsync(post / plan.Rate);
            _ = await socket.SendAsync(_requests[post % _requests.Length]);
            if (await IsAcceptedAsync(socket, buffer))
                _ = Interlocked.Increment(ref _accepted);
        }
    }

    private async Task UntilAsync(double seconds)
    {
        var left = TimeSpan.FromSeconds(seconds) - Stopwatch.GetElapsedTime(_started);
        if (left > TimeSpan.Zero)
            await Task.Delay(left);
    }

    private static async Task<bool> IsAcceptedAsync(Socket socket, byte[] buffer)
    {
        var held = 0;
        while (!AnswerEnd.IsWhole(buffer.AsSpan(0, held)))
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(held));
            if (read == 0)
                return false;
            held += read;
        }
        return buffer.AsSpan(0, held).StartsWith("HTTP/1.1 202"u8);
    }

    private static byte[] Request(SendPlan plan, int index)
    {
        var body = plan.TradesPerPost == 1
            ? SampleTrades.Text(index)
            : SampleTrades.Lines((long)index * plan.TradesPerPost, plan.TradesPerPost);
        var type = plan.TradesPerPost == 1 ? "application/json" : "application/x-ndjson";
        var head = $"POST /trades HTTP/1.1\r\nHost: {plan.Server.Authority}\r\n"
            + $"Content-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}
