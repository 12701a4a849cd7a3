using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;

namespace TradeProcessor.Worker;

/// <summary>Runs one <see cref="ShardWorker"/> for each shard that it is given.</summary>
internal sealed class WorkerService(
    IShardLeases leases,
    ILiveFeed feed,
    WorkerMetrics metrics,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<WorkerService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var shards = new List<Task>();
        try
        {
            while (true)
            {
                var acquiring = leases.AcquireAsync(stoppingToken).AsTask();
                // A shard that fails ends the program: what it could not count must not go unseen.
                var ended = await Task.WhenAny([acquiring, .. shards]);
                await ended;
                var worker = new ShardWorker(
                    await acquiring, feed, metrics, options.Value, time, logger);
                shards.Add(Task.Run(() => worker.RunAsync(stoppingToken), CancellationToken.None));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(shards);
        }
    }
}
