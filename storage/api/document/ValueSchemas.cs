using System.ComponentModel;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Storage.Api.Document;

/// <summary>Schemas of what is written by a converter: exact numbers and codes.</summary>
internal static class ValueSchemas
{
    public const string PairPattern = "^([A-Z0-9]{2,6}/[A-Z0-9]{2,6}|other)$";
    public const string CountryPattern = "^([A-Z]{2}|other)$";
    public const string AssetPattern = "^[A-Z0-9]{2,6}$";

    public static bool IsValue(Type type) => Plain(type) is { } plain
        && (plain == typeof(JsonNumber)
            || plain == typeof(CurrencyPair)
            || plain == typeof(CountryCode)
            || plain == typeof(AssetCode));

    public static Task Transform(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken _)
    {
        var type = Plain(context.JsonTypeInfo.Type);
        if (type == typeof(JsonNumber))
            Set(schema, context, JsonSchemaType.Number, null, null);
        else if (type == typeof(CurrencyPair))
            Set(schema, context, JsonSchemaType.String, PairPattern, "EUR/GBP");
        else if (type == typeof(CountryCode))
            Set(schema, context, JsonSchemaType.String, CountryPattern, "FR");
        else if (type == typeof(AssetCode))
            Set(schema, context, JsonSchemaType.String, AssetPattern, "EUR");
        else if (type == typeof(decimal))
            schema.Format = null;
        return Task.CompletedTask;
    }

    private static void Set(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        JsonSchemaType type,
        string? pattern,
        string? example)
    {
        var isNullable = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) is not null
            && !RequiredMembers.MayBeAbsent(context.JsonPropertyInfo);
        schema.Type = isNullable ? type | JsonSchemaType.Null : type;
        schema.Pattern = pattern;
        schema.Properties = null;
        schema.Required = null;
        schema.OneOf = null;
        if (example is not null)
            schema.Examples = [JsonValue.Create(example)];
        // What is written for programmers of this solution is not for those who call it.
        schema.Description = Description(context);
    }

    private static string? Description(OpenApiSchemaTransformerContext context) =>
        context.JsonPropertyInfo?.AttributeProvider
            ?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false)
            .OfType<DescriptionAttribute>()
            .FirstOrDefault()?.Description;

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
