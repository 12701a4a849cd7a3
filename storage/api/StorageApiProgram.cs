using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;
using TradeProcessor.Storage.Api.Document;
using TradeProcessor.Storage.Api.Queries;
using TradeProcessor.Storage.Api.Resources;

namespace TradeProcessor.Storage.Api;

/// <summary>What a host needs to answer questions about trades.</summary>
public static class StorageApiProgram
{
    /// <summary>Needs an <see cref="ITradeStore"/> and <see cref="IDeadLetters"/>.</summary>
    public static IServiceCollection AddStorageApi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AggregateReader>();
        services.AddStoreReadiness();
        services.AddInfo(static (_, info) =>
        {
            info.Limit("apiRows", QueryRules.MaxLimit);
            info.Limit("apiSeriesIntervals", TimeSpanRule.MaxIntervals);
            info.Limit("apiSeriesPoints", AggregateReader.MaxPoints);
        });
        return services.AddApiDocument();
    }

    /// <summary>/api/… and /openapi/v1.json.</summary>
    public static IEndpointRouteBuilder MapStorageApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").WithNoStore();
        SummaryApi.Map(api);
        AggregatesApi.Map(api);
        RankingsApi.Map(api);
        TradesApi.Map(api);
        RejectsApi.Map(api);
        DeadApi.Map(api);
        // Another name is no document, and so a problem like every unknown path.
        routes.MapOpenApi("/openapi/v1.json").WithNoStore();
        return routes;
    }
}
