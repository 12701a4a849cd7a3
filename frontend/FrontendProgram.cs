using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
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
            // A page sends nothing but Watch.
            options.MaximumReceiveMessageSize = 1024;
            options.MaximumParallelInvocationsPerClient = 1;
        });
        _ = services.AddSingleton<LiveBoard>();
        _ = services.AddStoreReadiness();
        return services.AddHostedService<LiveTicker>();
    }

    public static IEndpointRouteBuilder MapFrontend(this IEndpointRouteBuilder routes)
    {
        _ = routes.MapHub<LiveHub>("/live");
        routes.MapPage();
        return routes;
    }
}
