using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Servers;
using TradeProcessor.Load.Epoll;

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
/// as a program of its own, on one thread: it shares its processor with the browser.
/// </summary>
internal sealed class PostSender : IDisposable
{
    /// <summary>First argument of the program that is this sender.</summary>
    public const string Command = "post-sender";

    private const int Requests = 4096; // different ones, of single trades
    private const int Batches = 64;
    private const int AnswerBytes = 4096;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(1);

    private readonly SendPlan _plan;
    private readonly byte[][] _requests;
    private readonly EpollSet _epoll = new();
    private readonly int[] _sockets;
    private readonly byte[][] _answers;
    private readonly int[] _received;
    private readonly Stack<int> _idle = new();
    private long _sent;
    private long _answered;
    private long _accepted;
    private long _started;

    public PostSender(SendPlan plan)
    {
        _plan = plan;
        _requests =
        [
            .. Enumerable.Range(0, plan.TradesPerPost == 1 ? Requests : Batches)
                .Select(i => Request(plan, i)),
        ];
        _sockets = new int[plan.Connections];
        _received = new int[plan.Connections];
        _answers = [.. _sockets.Select(_ => new byte[AnswerBytes])];
    }

    /// <summary>Runs one on the generator's processor.</summary>
    public static async Task<Sent> RunAsync(SendPlan plan)
    {
        using var sender = ChildProcess.OnCore(
            Cores.Generator,
            "env",
            ["DOTNET_TieredPGO=0", "dotnet", typeof(PostSender).Assembly.Location, .. plan.Arguments]);
        var output = await sender.EndAsync(Limit);
        var numbers = output.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return numbers is [var start, var posts, var seconds] && posts == plan.Posts
            ? new Sent(start, (long)posts, seconds)
            : throw new InvalidOperationException(
                $"Not all POSTs were answered with 202: {output}{sender.LastError}");
    }

    /// <summary>The program itself.</summary>
    public void Send()
    {
        Connect();
        var startMs = (DateTime.UtcNow - DateTime.UnixEpoch).TotalMilliseconds;
        _started = Stopwatch.GetTimestamp();
        while (_answered < _plan.Posts)
        {
            var next = SendWhatIsDue();
            var events = _epoll.Wait(next);
            for (var i = 0; i < events; i++)
                Receive(_epoll.Event(i).Number);
        }
        var seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{startMs:R} {_accepted} {seconds:R}"));
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
            _ = Libc.Close(socket);
        _epoll.Dispose();
    }

    private void Connect()
    {
        var server = new IPEndPoint(IPAddress.Loopback, _plan.Server.Port);
        for (var i = 0; i < _sockets.Length; i++)
            _epoll.Add(_sockets[i] = RawSocket.Open(server, source: null), i);
        while (_idle.Count < _sockets.Length)
        {
            var events = _epoll.Wait(LongestTurn);
            for (var i = 0; i < events; i++)
            {
                var number = _epoll.Event(i).Number;
                if (!RawSocket.IsConnected(_sockets[number]))
                    throw new InvalidOperationException("The server takes no connection.");
                _idle.Push(number);
            }
        }
    }

    // Until when to wait for answers.
    private TimeSpan SendWhatIsDue()
    {
        while (_sent < _plan.Posts && _idle.Count > 0)
        {
            if (_plan.Rate > 0)
            {
                var left = TimeSpan.FromSeconds(_sent / _plan.Rate)
                    - Stopwatch.GetElapsedTime(_started);
                if (left > TimeSpan.Zero)
                    return left;
            }
            Post(_idle.Pop());
        }
        return LongestTurn;
    }

    private void Post(int number)
    {
        ReadOnlySpan<byte> request = _requests[_sent++ % _requests.Length];
        while (!request.IsEmpty)
        {
            var count = Libc.Send(_sockets[number], request);
            if (count >= 0)
                request = request[count..];
            else if (Libc.LastError != Libc.TryAgain)
                throw new InvalidOperationException("The server has closed a connection.");
        }
    }

    private void Receive(int number)
    {
        var answer = _answers[number];
        var count = Libc.Receive(_sockets[number], answer.AsSpan(_received[number]));
        if (count < 0 && Libc.LastError == Libc.TryAgain)
            return;
        if (count <= 0)
            throw new InvalidOperationException("The server has closed a connection.");
        var received = answer.AsSpan(0, _received[number] += count);
        if (!AnswerEnd.IsWhole(received))
            return;
        if (received.StartsWith("HTTP/1.1 202"u8))
            _accepted++;
        _answered++;
        _received[number] = 0;
        _idle.Push(number);
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
