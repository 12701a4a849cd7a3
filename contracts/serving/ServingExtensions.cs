using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace TradeProcessor.Serving;

/// <summary>What every program has beside its own work.</summary>
public static class ServingExtensions
{
    /// <summary>Problem answers, readiness, info and metrics.</summary>
    public static IServiceCollection AddServing(this IServiceCollection services)
    {
        services.AddProblems();
        services.AddValidated<HttpOptions>("Http");
        services.TryAddSingleton<ClientAddress>();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MetricsListener>();
        services.TryAddSingleton<ProcessMetrics>();
        return services;
    }

    /// <summary>/health/live, /health/ready, /info and /metrics.</summary>
    public static IEndpointConventionBuilder MapServing(this IEndpointRouteBuilder endpoints)
    {
        // Made now: what is measured before it listens is lost.
        var metrics = endpoints.ServiceProvider.GetRequiredService<MetricsListener>();
        _ = endpoints.ServiceProvider.GetRequiredService<ProcessMetrics>();
        var group = endpoints.MapGroup("").WithTags("Operations").WithNoStore();
        HealthApi.Map(group);
        InfoApi.Map(group);
        group.MapGet("/metrics", () => TypedResults.Text(
                metrics.Scrape(), PrometheusText.MediaType))
            .WithSummary("Metrics as Prometheus reads them")
            .WithName("getMetrics")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
        return group;
    }
}
