using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace TradeProcessor.Serving;

/// <summary>Marks answers that say how things are now, and so must not be kept.</summary>
public sealed class NoStoreMetadata
{
    public static NoStoreMetadata Instance { get; } = new();
}

/// <summary>Headers of all answers.</summary>
public static class SecurityHeaders
{
    internal const string NoStore = "no-store";

    /// <summary>Answers of these endpoints carry <c>Cache-Control: no-store</c>.</summary>
    public static TBuilder WithNoStore<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(builder => builder.Metadata.Add(NoStoreMetadata.Instance));
        return endpoints;
    }

    internal static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (context.GetEndpoint()?.Metadata.GetMetadata<NoStoreMetadata>() is not null)
            headers.CacheControl = NoStore;
    }
}
