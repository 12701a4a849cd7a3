using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace TradeProcessor.Storage.Api.Document;

/// <summary>A member is there always, or it says of itself that it may be absent.</summary>
internal static class RequiredMembers
{
    public static bool MayBeAbsent(JsonPropertyInfo? property) =>
        property?.AttributeProvider
            ?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false)
            .OfType<JsonIgnoreAttribute>()
            .Any(ignore => ignore.Condition == JsonIgnoreCondition.WhenWritingNull) == true;

    public static Task Transform(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken _)
    {
        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && schema.Properties is not null)
        {
            schema.Required = context.JsonTypeInfo.Properties
                .Where(property => !property.IsExtensionData && !MayBeAbsent(property))
                .Select(property => property.Name)
                .ToHashSet();
        }
        if (MayBeAbsent(context.JsonPropertyInfo))
            schema.Type &= ~JsonSchemaType.Null;
        return Task.CompletedTask;
    }
}
