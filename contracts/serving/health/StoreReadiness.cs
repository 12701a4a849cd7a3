using Microsoft.Extensions.DependencyInjection;
using TradeProcessor.Contracts;

namespace TradeProcessor.Serving;

/// <summary>Readiness of what reads the store.</summary>
public static class StoreReadiness
{
    /// <summary>
    /// The store must answer for the program to be ready. Services that share a program share the
    /// probe: a second call changes nothing.
    /// </summary>
    public static IServiceCollection AddStoreReadiness(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(Marker)))
            return services;
        return services.AddSingleton<Marker>().AddReadiness(
            "store",
            static async (provider, cancellation) =>
                _ = await provider.GetRequiredService<ITradeStore>().SummaryAsync(cancellation));
    }

    private sealed class Marker;
}
