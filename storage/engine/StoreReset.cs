using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Files;
using TradeProcessor.Storage.Engine.Redis;

namespace TradeProcessor.Storage.Engine;

/// <summary>Deletes all trades, counts and dead frames of a back end, for good.</summary>
public static class StoreReset
{
    /// <param name="services">With the storage that <c>AddStorage</c> has chosen.</param>
    /// <returns>What went, in words.</returns>
    /// <exception cref="StartRefusedException">It cannot be opened, or is in use.</exception>
    /// <exception cref="LogUnavailableException">Redis does not answer.</exception>
    public static async Task<string> RunAsync(IServiceProvider services)
    {
        if (Where(services) is null)
        {
            var keys = await RedisReset.RunAsync(services.GetRequiredService<RedisBackEnd>());
            return $"{keys} keys";
        }
        var bytes = FileReset.Run(
            services.GetRequiredService<IOptions<StorageOptions>>().Value.Path);
        return $"{bytes} bytes";
    }

    /// <summary>The directory of the embedded back end; null where it is a Redis.</summary>
    public static string? Where(IServiceProvider services) =>
        services.GetRequiredService<IOptions<RedisOptions>>().Value.Configuration.Length == 0
            ? services.GetRequiredService<IOptions<StorageOptions>>().Value.Path
            : null;
}
