using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TradeProcessor.Frontend.Live;
using TradeProcessor.Frontend.Page;
using TradeProcessor.Serving;

namespace TradeProcessor.Frontend;

/// <summary>What a host needs to show trades live.</summary>
public static class FrontendProgram
{
    public static IServiceCollection AddFrontend(this IServiceCollection services)
    {
        _ = services.AddValidated<LiveOptions>("Live");
        _ = services.AddSignalR(options =>
        {
            // A page sends nothing but short questions.
            options.MaximumReceiveMessageSize = 1024;
            options.MaximumParallelInvocationsPerClient = 1;
        });
        // Before SignalR's own would be made.
        _ = services.AddSingleton<LiveConnections>()
            .AddSingleton<HubLifetimeManager<LiveHub>>(
                provider => provider.GetRequiredService<LiveConnections>());
        _ = services.AddSingleton<LiveMetrics>();
        _ = services.AddSingleton<HealthReader>();
        _ = services.AddSingleton<LiveBoard>();
        _ = services.AddStoreReadiness();
        return services.AddHostedService<LiveTicker>();
    }

    public static WebApplication MapFrontend(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<LiveOptions>>().Value;
        var hub = app.MapHub<LiveHub>("/live", hub =>
        {
            hub.TransportMaxBufferSize = options.ViewerBytes;
            hub.TransportSendTimeout = options.CutOffAfter;
        });
        hub.Add(FrameUpgrade.Use);
        _ = hub.CheckOrigin();
        app.MapPage();
        return app;
    }
}
