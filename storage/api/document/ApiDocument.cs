using Microsoft.Extensions.DependencyInjection;

namespace TradeProcessor.Storage.Api.Document;

/// <summary>/openapi/v1.json: every path that the program has.</summary>
internal static class ApiDocument
{
    public static IServiceCollection AddApiDocument(this IServiceCollection services) =>
        services.AddOpenApi();
}
