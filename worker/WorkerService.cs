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
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var shards = new List<Task>();
        try
        {
            var acquiring = leases.AcquireAsync(ending.Token).AsTask();
            while (true)
            {
                var ended = await Task.WhenAny([acquiring, .. shards]);
                // A shard that fails ends the program: what it could not count must not go unseen.
                await ended;
                if (shards.Remove(ended))
                    continue;
                var worker = new ShardWorker(
                    await acquiring, feed, metrics, options.Value, time, logger);
                shards.Add(Task.Run(() => worker.RunAsync(ending.Token), CancellationToken.None));
                acquiring = leases.AcquireAsync(ending.Token).AsTask();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(shards);
        }
    }
}
