using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine;
using TradeProcessor.Storage.Engine.Files;
using TradeProcessor.Worker;

namespace TradeProcessor.Host;

/// <summary>
/// Counts the log anew from its earliest frame and puts a snapshot of it in place of the others.
/// The host must not run on the same directory.
/// </summary>
internal static class RebuildCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            _ = builder.Services.AddSingleton(TimeProvider.System).AddWorker();
            _ = builder.Services.AddValidated<StorageOptions>("Storage");
            await using var app = builder.Build();
            ServingHost.CheckSettings(args, app);
            await RebuildAsync(app.Services);
            return 0;
        }
        catch (Exception exception) when (ServingHost.Refusals(exception) is { Count: > 0 } lines)
        {
            foreach (var line in lines.Distinct())
                await Console.Error.WriteLineAsync(line);
            return ServingHost.RefusedExitCode;
        }
    }

    private static async Task RebuildAsync(IServiceProvider services)
    {
        var started = Stopwatch.GetTimestamp();
        var path = services.GetRequiredService<IOptions<StorageOptions>>().Value.Path;
        if (!Directory.Exists(Path.Combine(path, "log")))
            throw new StartRefusedException($"Storage:Path = '{path}': there is no log in it.");
        using var backEnd = new FileBackEnd(
            services.GetRequiredService<IOptions<StorageOptions>>().Value,
            services.GetRequiredService<CellRetention>(),
            TimeProvider.System,
            NullLogger<FileBackEnd>.Instance,
            StartFrom.EarliestFrame);
        await using var lease = new FileShardLease(backEnd);
        var worker = new ShardWorker(
            lease,
            new LocalLiveFeed(),
            new WorkerMetrics(services.GetRequiredService<IMeterFactory>(), backEnd.Store),
            services.GetRequiredService<IOptions<WorkerOptions>>().Value,
            TimeProvider.System,
            NullLogger.Instance);
        var from = backEnd.Store.Position;
        while (!await worker.PassAsync(CancellationToken.None))
        {
        }
        backEnd.TakeSnapshot();
        Console.WriteLine(
            $"Counted {backEnd.Store.AggregatedTotal} trades; replayed the log from position {from} "
            + $"to {backEnd.Store.Position} in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");
    }
}
