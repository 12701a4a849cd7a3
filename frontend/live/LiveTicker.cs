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
    private static readonly TimeSpan RankingsEvery = TimeSpan.FromSeconds(1);

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
        var lastTick = time.GetTimestamp();
        var lastRankings = lastTick;
        while (true)
        {
            await changes.WaitAsync(options.Value.Heartbeat, stopping);
            var rest = options.Value.Tick - time.GetElapsedTime(lastTick);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, time, stopping);
            lastTick = time.GetTimestamp();
            var withRankings = time.GetElapsedTime(lastRankings, lastTick) >= RankingsEvery;
            if (withRankings)
                lastRankings = lastTick;
            try
            {
                await board.TickAsync(changes, withRankings, stopping);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The store is away: pages see no update and call themselves stale.
                Log.TickFailed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "An update could not be made")]
        public static partial void TickFailed(ILogger logger, Exception exception);
    }
}
