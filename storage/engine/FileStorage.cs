using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Engine.Files;
using TradeProcessor.Storage.Engine.Processes;

namespace TradeProcessor.Storage.Engine;

/// <summary>Registers the back ends.</summary>
public static class FileStorage
{
    /// <summary>
    /// The embedded back end: log and snapshots in the directory <c>Storage:Path</c>. Needs a
    /// <see cref="CellRetention"/>, which the worker registers.
    /// </summary>
    public static IServiceCollection AddFileStorage(this IServiceCollection services)
    {
        _ = services.AddValidated<StorageOptions>("Storage");
        _ = services.AddInfo(static (_, info) => info.Mode = "embedded");
        _ = services.AddSingleton(provider => new FileBackEnd(
            Options(provider),
            provider.GetRequiredService<CellRetention>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<FileBackEnd>>()));
        _ = services.AddSingleton<ITradeLog>(provider => new FileTradeLog(
            provider.GetRequiredService<FileBackEnd>(), Options(provider)));
        _ = services.AddSingleton<IOnceLog, FileOnceLog>();
        _ = services.AddSingleton<IShardLeases, FileShardLeases>();
        _ = services.AddSingleton<ITradeStore>(
            provider => provider.GetRequiredService<FileBackEnd>().Store);
        _ = services.AddSingleton(
            provider => provider.GetRequiredService<FileBackEnd>().Store.Rejects);
        _ = services.AddSingleton<IDeadLetters>(provider => new FileDeadLetters(
            Options(provider), provider.GetRequiredService<FileBackEnd>));
        _ = services.AddSingleton<ILiveFeed, LocalLiveFeed>();
        _ = services.AddSingleton<IStoreHealth, FileStoreHealth>();
        _ = services.AddSingleton<IProcessBoard, LocalProcessBoard>();
        _ = services.AddSingleton<IHostedService>(provider => new SnapshotSchedule(
            provider.GetRequiredService<FileBackEnd>(),
            Options(provider),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SnapshotSchedule>>()));
        return services;
    }

    private static StorageOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<StorageOptions>>().Value;
}
