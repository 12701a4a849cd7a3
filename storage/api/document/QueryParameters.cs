using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using TradeProcessor.Storage.Api.Queries;

namespace TradeProcessor.Storage.Api.Document;

/// <summary>What query parameters may be; handlers take text, to say what is wrong.</summary>
internal static class QueryParameters
{
    public static Task Transform(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken _)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            if (parameter.Name is { } name && SchemaOf(name) is { } schema)
                parameter.Schema = schema;
            parameter.Required = parameter.Name == "interval";
        }
        return Task.CompletedTask;
    }

    private static OpenApiSchema? SchemaOf(string name) => name switch
    {
        "interval" => OneOf(null, "1s", "1m", "1h", "1d"),
        "groupBy" => OneOf("none", "none", "pair", "country", "pair,country"),
        "from" or "to" => new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Format = "date-time",
        },
        "pair" => Text(ValueSchemas.PairPattern),
        "country" => Text(ValueSchemas.CountryPattern),
        "window" => new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Pattern = "^[1-9][0-9]*[smhd]$",
            Default = JsonValue.Create(QueryRules.DefaultWindow),
        },
        "limit" => new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Minimum = "1",
            Maximum = $"{QueryRules.MaxLimit}",
            Default = JsonValue.Create(QueryRules.DefaultLimit),
        },
        "userId" => new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            MinLength = 1,
            MaxLength = QueryRules.MaxUserIdCharacters,
        },
        _ => null,
    };

    private static OpenApiSchema OneOf(
        string? byDefault, params IEnumerable<string> values) => new()
        {
            Type = JsonSchemaType.String,
            Enum = [.. values.Select(value => JsonValue.Create(value))],
            Default = byDefault is null ? null : JsonValue.Create(byDefault),
        };

    private static OpenApiSchema Text(string pattern) => new()
    {
        Type = JsonSchemaType.String,
        Pattern = pattern,
    };
}
