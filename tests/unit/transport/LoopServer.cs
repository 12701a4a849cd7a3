using System.Collections.Concurrent;
using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using TradeProcessor.Consumer.Transport;

namespace TradeProcessor.Tests.Unit.Transport;

/// <summary>What a loop is made of.</summary>
public enum LoopKind
{
    Epoll,
    OneRing,
    SeveralRings,
}

/// <summary>One loop that listens, and what is done with each of its connections.</summary>
internal sealed class LoopServer : IAsyncDisposable
{
    private const int Several = 4;

    private static readonly LoopFailures Failures = new(NullLogger.Instance);

    private readonly ConnectionLoop _loop;
    private readonly LoopListener _listener;
    private readonly Func<LoopConnection, Task> _serve;
    private readonly Task _accepting;
    private readonly ConcurrentDictionary<Task, bool> _serving = new();

    /// <param name="kind">Where the system has no io_uring, epoll is tested instead.</param>
    /// <param name="sizes">
    /// Of the ring, or of several together; of epoll the number of connections alone.
    /// </param>
    public LoopServer(
        LoopKind kind,
        UringSizes sizes,
        ITestOutputHelper output,
        Func<LoopConnection, Task> serve,
        IFirstService? first = null)
    {
        _serve = serve;
        _loop = CreateLoop(kind, sizes, output);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            Blocking = false,
            NoDelay = true,
        };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(1024);
        _listener = new LoopListener(
            socket,
            [_loop],
            first ?? new NoFirstService(),
            Open,
            TimeProvider.System,
            NullLogger.Instance);
        _accepting = AcceptAsync();
    }

    /// <summary>Connections that the first service has.</summary>
    public OpenConnections Open { get; } = new();

    public IPEndPoint Address => (IPEndPoint)_listener.EndPoint;

    /// <summary>Connections that have been handed over so far.</summary>
    public int Accepted { get; private set; }

    /// <summary>Stops as a server that waits no longer.</summary>
    public async Task StopAsync()
    {
        await _listener.UnbindAsync(new CancellationToken(canceled: true));
        await _listener.DisposeAsync();
        await _accepting;
    }

    /// <summary>Goes over the connections in so many parts; how often it came to each.</summary>
    public Task<Dictionary<LoopConnection, int>> VisitAsync(int parts)
    {
        var done = new TaskCompletionSource<Dictionary<LoopConnection, int>>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Schedule(
            _ =>
            {
                var visits = new Dictionary<LoopConnection, int>();
                for (var part = 0; part < parts; part++)
                {
                    _loop.Visit(part, parts, connection =>
                        visits[connection] = visits.GetValueOrDefault(connection) + 1);
                }
                done.SetResult(visits);
            },
            null);
        return done.Task;
    }

    /// <summary>Watches the connections of a loop through so many seconds of beats.</summary>
    /// <param name="calmSeconds">Between two beats of those that do not press.</param>
    /// <param name="presses">Which of them do.</param>
    public Task<List<BeatCounter>> BeatAsync(int seconds, int calmSeconds, Func<int, bool> presses)
    {
        var done = new TaskCompletionSource<List<BeatCounter>>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        var counters = new List<BeatCounter>();
        _loop.Schedule(
            _ =>
            {
                _loop.Visit(0, 1, connection =>
                {
                    var counter = new BeatCounter(presses(counters.Count));
                    counters.Add(counter);
                    connection.Watch = counter;
                    if (counter.IsPressing)
                        _loop.Press(connection);
                });
                for (var part = 0; part < seconds * ConnectionLoop.BeatParts; part++)
                    _loop.Beat(calmSeconds);
                // Behind them.
                _loop.Schedule(_ => done.SetResult(counters), null);
            },
            null);
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.UnbindAsync();
        await _accepting;
        await _listener.DisposeAsync();
        await Task.WhenAll(_serving.Keys);
        // The last of them may have ended within the loop, which cannot wait for itself.
        await Task.Run(_loop.Dispose);
    }

    /// <summary>Runs until it is disposed.</summary>
    public static ConnectionLoop CreateLoop(
        LoopKind kind, UringSizes sizes, ITestOutputHelper output)
    {
        if (kind != LoopKind.Epoll)
        {
            try
            {
                var rings = kind == LoopKind.OneRing ? 1 : Math.Min(Several, sizes.Files);
                return new UringLoop(
                    "test",
                    rings,
                    sizes with { Files = sizes.Files / rings },
                    new OpenSockets(1024),
                    Failures);
            }
            catch (Win32Exception refused)
            {
                output.WriteLine($"No io_uring here, so epoll is tested: {refused.Message}");
            }
        }
        return new EpollLoop("test", new OpenSockets(sizes.Files), Failures);
    }

    private async Task AcceptAsync()
    {
        while (await _listener.AcceptAsync() is LoopConnection connection)
        {
            Accepted++;
            _serving[Task.Run(() => ServeAsync(connection))] = true;
        }
    }

    private async Task ServeAsync(LoopConnection connection)
    {
        try
        {
            await _serve(connection);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // As of a client that is gone.
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }
}
