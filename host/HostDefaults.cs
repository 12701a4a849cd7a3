using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace TradeProcessor.Host;

internal static class HostDefaults
{
    /// <summary>A drain is over within 10 s: 8 for the services, the rest for the process.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(8);

    public static void AddHostDefaults(this IServiceCollection services) =>
        services.Configure<HostOptions>(options => options.ShutdownTimeout = DrainLimit);

    /// <summary>Tells whoever started it where to look.</summary>
    public static void PrintAddress(this WebApplication app) =>
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var server = app.Services.GetRequiredService<IServer>();
            foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
                Console.WriteLine($"Dashboard: {address}");
        });
}
