using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// Ticks as soon as something changed, but never faster than <see cref="LiveOptions.Tick"/> and
/// never slower than <see cref="LiveOptions.Heartbeat"/>.
/// </summary>
internal sealed partial class LiveTicker(
    LiveBoard board,
    ILiveFeed feed,
    IOptions<LiveOptions> options,
    TimeProvider time,
    ILogger<LiveTicker> logger) : BackgroundService
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    private bool _isAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changes = new LiveChanges(feed);
        try
        {
            await RunAsync(changes, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task RunAsync(LiveChanges changes, CancellationToken stopping)
    {
        var tick = (long)(options.Value.Tick.TotalSeconds * time.TimestampFrequency);
        var lastTick = time.GetTimestamp();
        var lastSecond = lastTick;
        while (true)
        {
            await changes.WaitAsync(options.Value.Heartbeat, stopping);
            var rest = options.Value.Tick - time.GetElapsedTime(lastTick);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, time, stopping);
            // By a timetable while there is news: a late one does not make all that follow late.
            var now = time.GetTimestamp();
            lastTick = rest > TimeSpan.Zero ? lastTick + tick : now;
            var isNewSecond = time.GetElapsedTime(lastSecond, now) >= OneSecond;
            if (isNewSecond)
                lastSecond = now;
            await TickAsync(changes, isNewSecond, stopping);
        }
    }

    // Where the store is away, pages see no update and call themselves stale.
    private async ValueTask TickAsync(
        LiveChanges changes, bool isNewSecond, CancellationToken stopping)
    {
        try
        {
            await board.TickAsync(changes, isNewSecond, stopping);
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
