using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Takes snapshots by time and by log growth, and a last one at the end.</summary>
internal sealed partial class SnapshotSchedule(
    FileBackEnd backEnd,
    StorageOptions options,
    TimeProvider time,
    ILogger<SnapshotSchedule> logger) : BackgroundService
{
    // A snapshot takes at most this part of the time, however large it becomes.
    private const int RestFactor = 20;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        var last = time.GetTimestamp();
        var rest = TimeSpan.Zero;
        while (await timer.WaitForNextTickAsync(stopping))
        {
            var passed = time.GetElapsedTime(last);
            var due = passed >= options.SnapshotEvery
                || backEnd.BytesSinceSnapshot >= options.SnapshotAfterBytes;
            if (!due || passed < rest || !backEnd.HasChanges)
                continue;
            var started = time.GetTimestamp();
            // Not on a thread of the pool: with one core it begins with one thread, and what needs
            // it would wait for the disk until the pool adds another.
            await Task.Factory.StartNew(
                TryTake,
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            last = time.GetTimestamp();
            rest = time.GetElapsedTime(started, last) * RestFactor;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        TryTake();
        var left = backEnd.Journal.DurablePosition - backEnd.Store.Position;
        Log.Stopped(logger, backEnd.Store.AggregatedTotal, left);
    }

    private void TryTake()
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            backEnd.TakeSnapshot();
            Log.Taken(logger, backEnd.Store.Position, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.Failed(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Snapshot at position {Position} in {Elapsed}")]
        public static partial void Taken(ILogger logger, long position, TimeSpan elapsed);

        [LoggerMessage(2, LogLevel.Information,
            "Stopped with {Trades} trades counted; {ReplayBytes} bytes of log are left to count")]
        public static partial void Stopped(ILogger logger, long trades, long replayBytes);

        [LoggerMessage(3, LogLevel.Error,
            "No snapshot could be written, the one before stands: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
