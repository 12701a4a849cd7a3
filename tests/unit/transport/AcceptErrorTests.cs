using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using TradeProcessor.Consumer.Transport;

namespace TradeProcessor.Tests.Unit.Transport;

/// <summary>A listener whose accepts fail, and go on failing.</summary>
public sealed class AcceptErrorTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly UringSizes Sizes = new(Files: 8, Buffers: 4, BufferBytes: 1024);

    public static TheoryData<LoopKind> Loops =>
        [LoopKind.Epoll, LoopKind.OneRing, LoopKind.SeveralRings];

    /// <summary>A socket that does not listen yet gives EINVAL to every accept.</summary>
    [Theory, MemberData(nameof(Loops))]
    public async Task Accept_ThatFailsAgainAndAgain_IsTriedByATimerAloneAndToldOfOnce(LoopKind kind)
    {
        var time = new HandTimers();
        var log = new ErrorCount();
        var loop = LoopServer.CreateLoop(kind, Sizes, output);
        using var socket = new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Blocking = false;
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var listener = new LoopListener(
            socket, [loop], new NoFirstService(), new OpenConnections(), time, log);
        var retry = await time.NextAsync();
        for (var i = 0; i < 5; i++)
        {
            await TurnAsync(loop);
            Assert.Equal(0, time.Asked);
            Assert.Equal(1, log.Errors);
            retry.RunOut();
            retry = await time.NextAsync();
        }
        socket.Listen(8);
        using var client = await LoopClient.OpenAsync((IPEndPoint)listener.EndPoint);
        retry.RunOut();
        var accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken)
            .AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);
        await accepted!.DisposeAsync();
        await listener.UnbindAsync(TestContext.Current.CancellationToken);
        await Task.Run(loop.Dispose, TestContext.Current.CancellationToken);
    }

    /// <summary>The loop has served what was ready, a few times.</summary>
    private static async Task TurnAsync(ConnectionLoop loop)
    {
        for (var i = 0; i < 10; i++)
        {
            var turned = new TaskCompletionSource(
                TaskCreationOptions.RunContinuationsAsynchronously);
            loop.Schedule(static state => ((TaskCompletionSource)state!).SetResult(), turned);
            await turned.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
    }

    private sealed class ErrorCount : ILogger
    {
        private int _errors;

        public int Errors => Volatile.Read(ref _errors);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => Interlocked.Increment(ref _errors);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }
}
