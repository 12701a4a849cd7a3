using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Gathers refused trades and sends them a few times a second. A batch that may not have arrived is
/// sent again as it is, while later ones gather into the next; so what is held is two batches, each
/// with a count for each code and at most as many texts as Redis keeps, of which the oldest go.
/// </summary>
internal sealed partial class RedisRejectLog(
    RedisBackEnd backEnd, TimeProvider time, ILogger<RedisRejectLog> logger)
    : BackgroundService, IRejectLog
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    private readonly ulong _producerId =
        BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private readonly int _keep = backEnd.Options.RecentRejects;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _byCode = [];
    private readonly Queue<Reject> _kept = new();
    private long _total;

    // The flushing side's own.
    private RejectBatch? _sending;
    private long _sequence;
    private bool _isFailing;

    public void Add(RejectBatch batch)
    {
        lock (_gate)
        {
            _total += batch.Total;
            foreach (var (code, count) in batch.ByCode)
                _byCode[code] = _byCode.GetValueOrDefault(code) + count;
            foreach (var reject in batch.Kept)
            {
                if (_kept.Count == _keep)
                    _ = _kept.Dequeue();
                _kept.Enqueue(reject);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        var started = time.GetTimestamp();
        while (!await TryFlushAsync(cancellationToken))
        {
            if (time.GetElapsedTime(started) > DrainLimit
                || cancellationToken.IsCancellationRequested)
            {
                Log.Dropped(logger, _total + (_sending?.Total ?? 0));
                return;
            }
            await Task.Delay(FlushEvery, time, CancellationToken.None);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FlushEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                _ = await TryFlushAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is sent by StopAsync.
        }
    }

    /// <summary>True where nothing is left to send.</summary>
    private async ValueTask<bool> TryFlushAsync(CancellationToken cancellation)
    {
        try
        {
            while ((_sending ??= Take()) is { } batch)
            {
                await RedisRejects.AddAsync(
                    backEnd.Link, _producerId, _sequence, batch, _keep, cancellation);
                _sending = null;
                _isFailing = false;
            }
            return true;
        }
        catch (Exception exception)
            when (exception is LogUnavailableException or OperationCanceledException)
        {
            if (!_isFailing)
                Log.Waiting(logger, exception.Message);
            _isFailing = true;
            return false;
        }
    }

    private RejectBatch? Take()
    {
        lock (_gate)
        {
            if (_total == 0)
                return null;
            var batch = new RejectBatch(_total, [.. _byCode], [.. _kept]);
            _total = 0;
            _byCode.Clear();
            _kept.Clear();
            _sequence++;
            return batch;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Counts of refused trades wait: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Warning, "{Trades} refused trades were not counted in Redis")]
        public static partial void Dropped(ILogger logger, long trades);
    }
}
