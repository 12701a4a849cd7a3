using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Redis;
using TradeProcessor.Tests.Unit.Api;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>While Redis is silent, readers hear so within a second, and without noise.</summary>
public sealed class AwayTests
{
    // A second is promised; the other is for a test machine that does other things.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private static readonly string[] Paths =
    [
        "/api/summary", "/api/aggregates?interval=1m&groupBy=pair", "/api/pairs", "/api/countries",
        "/api/trades", "/api/rejects", "/api/dead",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_WhileRedisIsFrozen_FailWithinASecondAndRecover()
    {
        await using var server = await RedisServer.StartAsync();
        await using var backEnd = await server.OpenAsync();
        var store = new RedisStore(backEnd, TimeProvider.System);
        var letters = new RedisDeadLetters(backEnd, TimeProvider.System);
        var query = new AggregateQuery(Resolution.Hour, 0, 1_000 * TimeSpan.TicksPerHour);
        server.Freeze();
        var started = Stopwatch.GetTimestamp();
        Task[] calls =
        [
            store.SummaryAsync(Cancellation).AsTask(),
            store.TradesAsync(new TradeQuery(10), Cancellation).AsTask(),
            store.RejectsAsync(10, Cancellation).AsTask(),
            letters.ListAsync(10, Cancellation).AsTask(),
            .. Enumerable.Range(0, 50).Select(_ => store.QueryAsync(query, Cancellation).AsTask()),
        ];
        foreach (var call in calls)
            _ = await Assert.ThrowsAsync<LogUnavailableException>(() => call);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Soon);

        server.Thaw();
        await EventuallyAsync(async () =>
        {
            _ = await store.SummaryAsync(Cancellation);
            _ = await store.QueryAsync(query, Cancellation);
        });
    }

    [Fact]
    public async Task Api_WhileRedisIsFrozen_Is503WithoutAnErrorInTheLog()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var backEnd = await redis.OpenAsync();
        using var log = new ErrorLog();
        var time = new ManualTime(FakeStore.Now);
        await using var server = await ApiServer.StartAsync(services => services
            .AddSingleton<ILoggerProvider>(log)
            .AddSingleton<ITradeStore>(new RedisStore(backEnd, time))
            .AddSingleton<IDeadLetters>(new RedisDeadLetters(backEnd, time)));
        foreach (var path in Paths)
            _ = await server.GetAsync(path);
        redis.Freeze();
        // What was just read may be handed out a little longer.
        time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(Paths.Concat(Paths).Select(async path =>
        {
            var started = Stopwatch.GetTimestamp();
            using var answer = await server.SendAsync(path);
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Soon);
            _ = await ProblemAssert.IsProblemAsync(answer, 503, "unavailable");
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        }));
        Assert.Empty(log.Lines);
        redis.Thaw();
        await EventuallyAsync(async () =>
        {
            using var answer = await server.SendAsync("/api/summary");
            if (!answer.IsSuccessStatusCode)
                throw new LogUnavailableException($"{answer.StatusCode}");
        });
    }

    private static async Task EventuallyAsync(Func<Task> call)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (LogUnavailableException)
                when (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(50, Cancellation);
            }
        }
    }

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Lines.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
