using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace TradeProcessor.Serving;

public static class ProblemExtensions
{
    /// <summary>Binding failures become exceptions, for the middleware to answer.</summary>
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<JsonOptions>(options =>
        {
            var json = options.SerializerOptions;
            json.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            json.TypeInfoResolverChain.Insert(0, ServingJson.Default);
        });
        return services;
    }

    /// <summary>First in the pipeline: problem bodies and security headers.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) =>
        app.UseMiddleware<ProblemMiddleware>();
}
