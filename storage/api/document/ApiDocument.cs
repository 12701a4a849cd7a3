using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using TradeProcessor.Serving;

namespace TradeProcessor.Storage.Api.Document;

/// <summary>/openapi/v1.json: every path of the program, described for those who call it.</summary>
internal static class ApiDocument
{
    private const string Text =
        "Accepted trades are counted once each, by the time of receipt, into intervals of a "
        + "second, a minute, an hour and a day. Instants are ISO 8601 in UTC. Amounts are exact "
        + "decimal numbers: read them as such, not as binary floating point. Every error is "
        + "application/problem+json; its type is a URN that does not change.";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) =>
        services.AddOpenApi(options =>
        {
            // Codes and numbers stand where they are used, with the words of that place.
            options.CreateSchemaReferenceId = type =>
                ValueSchemas.IsValue(type.Type)
                    ? null
                    : Microsoft.AspNetCore.OpenApi.OpenApiOptions
                        .CreateDefaultSchemaReferenceId(type);
            options.AddSchemaTransformer(ValueSchemas.Transform);
            options.AddSchemaTransformer(RequiredMembers.Transform);
            options.AddOperationTransformer(QueryParameters.Transform);
            options.AddOperationTransformer(CsvContent.Transform);
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "TradeProcessor",
                    Version = InfoApi.Version,
                    Description = Text,
                };
                document.Servers = [new OpenApiServer { Url = "/" }];
                return Task.CompletedTask;
            });
            options.AddDocumentTransformer(TradesOperation.Transform);
        });
}
