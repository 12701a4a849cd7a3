using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TradeProcessor.Serving;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// Refuses connections that a page of another site opens, at negotiation and at the upgrade: a
/// browser sends no preflight for WebSockets. A client that is no browser names no origin.
/// </summary>
internal static class OriginCheck
{
    public static TBuilder CheckOrigin<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(builder =>
        {
            if (builder.RequestDelegate is not { } next)
                return;
            builder.RequestDelegate = context =>
            {
                var options = context.RequestServices
                    .GetRequiredService<IOptions<LiveOptions>>().Value;
                return IsAllowed(
                    context.Request.Headers.Origin, context.Request.Host, options.AllowedOrigins)
                    ? next(context)
                    : Problem.Of(
                        StatusCodes.Status403Forbidden,
                        "The page was served by another site; see Live:AllowedOrigins.")
                        .ExecuteAsync(context);
            };
        });
        return endpoints;
    }

    /// <param name="origin">The header: <c>https://desk.example:8443</c>; empty for none.</param>
    /// <param name="allowed">Other origins that may connect, as browsers write them.</param>
    public static bool IsAllowed(string? origin, HostString host, IEnumerable<string> allowed)
    {
        if (string.IsNullOrEmpty(origin))
            return true;
        if (allowed.Contains(origin, StringComparer.OrdinalIgnoreCase))
            return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && from.Scheme is "http" or "https"
            && string.Equals(from.Host, host.Host, StringComparison.OrdinalIgnoreCase)
            // A balancer may end TLS: then only a port that is named can be compared.
            && (from.IsDefaultPort ? host.Port is null or 80 or 443 : host.Port == from.Port);
    }
}
