using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Worker;

/// <summary>What a host needs to count trades.</summary>
public static class WorkerProgram
{
    /// <summary>Counts the log's trades into cells; says how long cells are kept.</summary>
    public static IServiceCollection AddWorker(this IServiceCollection services)
    {
        _ = services.AddValidated<WorkerOptions>("Worker");
        _ = services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<WorkerOptions>>().Value;
            return new CellRetention(
                options.RetainSeconds,
                options.RetainMinutes,
                options.RetainHours,
                options.RetainDays);
        });
        _ = services.AddSingleton<WorkerMetrics>();
        _ = services.AddInfo(static (provider, info) => info.Limit(
            "workerIntervalCells",
            provider.GetRequiredService<IOptions<WorkerOptions>>().Value.MaxCellsPerInterval));
        return services.AddHostedService<WorkerService>();
    }
}
