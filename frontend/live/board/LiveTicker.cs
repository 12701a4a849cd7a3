using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// Ticks as soon as something changed, but never faster than <see cref="LiveOptions.Tick"/> and
/// never slower than <see cref="LiveOptions.Heartbeat"/>. That is for each cohort of viewers: where
/// there are many, they take turns within the time.
/// </summary>
internal sealed partial class LiveTicker(
    LiveBoard board,
    IOptions<LiveOptions> options,
    TimeProvider time,
    ILogger<LiveTicker> logger) : BackgroundService
{
    private bool _isAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        var lastTick = time.GetTimestamp();
        while (true)
        {
            var cohorts = board.Cohorts;
            var tick = options.Value.Tick / cohorts;
            await board.WaitAsync(options.Value.Heartbeat / cohorts, stopping);
            var rest = tick - time.GetElapsedTime(lastTick);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, time, stopping);
            // By a timetable while there is news: a late one does not make all that follow late.
            lastTick = rest > TimeSpan.Zero
                ? lastTick + (long)(tick.TotalSeconds * time.TimestampFrequency)
                : time.GetTimestamp();
            await TickAsync(stopping);
        }
    }

    // Where the store is away, pages see no update and call themselves stale.
    private async ValueTask TickAsync(CancellationToken stopping)
    {
        try
        {
            await board.TickAsync(stopping);
            if (_isAway)
                Log.StoreBack(logger);
            _isAway = false;
        }
        catch (LogUnavailableException exception)
        {
            if (!_isAway)
                Log.StoreAway(logger, exception.Message);
            _isAway = true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.TickFailed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "An update could not be made")]
        public static partial void TickFailed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "Pages are not updated: {Reason}")]
        public static partial void StoreAway(ILogger logger, string reason);

        [LoggerMessage(3, LogLevel.Information, "Pages are updated again")]
        public static partial void StoreBack(ILogger logger);
    }
}
