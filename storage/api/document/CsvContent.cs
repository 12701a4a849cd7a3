using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using TradeProcessor.Storage.Api.Answers;

namespace TradeProcessor.Storage.Api.Document;

/// <summary>CSV is text, whatever the shape that its rows come from.</summary>
internal static class CsvContent
{
    public static Task Transform(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken _)
    {
        foreach (var response in operation.Responses ?? [])
        {
            if (response.Value.Content?.TryGetValue(Representations.Csv, out var media) == true)
            {
                media.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "RFC 4180 with a header row. Text that would begin a formula "
                        + "in a spreadsheet has an apostrophe before it.",
                };
            }
        }
        return Task.CompletedTask;
    }
}
