using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace TradeProcessor.Frontend.Page;

/// <summary>Serves the page out of memory.</summary>
internal static class PageEndpoints
{
    private const string Index = "/index.html";

    // The page reads from its address what it is to show.
    private static readonly string[] Views =
        ["/", "/pairs/{pair}", "/countries/{country}", "/health"];

    // Everything comes from here; the live connection is a WebSocket to the same origin.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapPage(this WebApplication app)
    {
        foreach (var (path, file) in PageFiles.All)
        {
            // Names of scripts and styles carry a hash of their content: they never change.
            var caching = path == Index || !path.Contains('-', StringComparison.Ordinal)
                ? "no-cache"
                : "public, max-age=31536000, immutable";
            Map(app, path, file, caching);
        }
        if (PageFiles.All.TryGetValue(Index, out var index))
        {
            foreach (var view in Views)
                Map(app, view, index, "no-cache");
            _ = app.Use((context, next) => IsLostReader(context)
                ? WriteAsync(context, index, "no-cache", StatusCodes.Status404NotFound)
                : next(context));
        }
    }

    // Who came with a browser to a place that is not there gets the page, which says so; programs
    // get the problem as JSON.
    private static bool IsLostReader(HttpContext context) =>
        context.GetEndpoint() is null
        && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && !context.Request.Path.StartsWithSegments("/api")
        && context.Request.GetTypedHeaders().Accept.Any(
            accepted => accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private static void Map(
        IEndpointRouteBuilder routes, string path, PageFile file, string caching) =>
        routes.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], context =>
            WriteAsync(context, file, caching)).ExcludeFromDescription();

    private static Task WriteAsync(
        HttpContext context, PageFile file, string caching, int status = StatusCodes.Status200OK)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = caching;
        response.Headers.ETag = file.ETag;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        if (status == StatusCodes.Status200OK
            && context.Request.Headers.IfNoneMatch.Contains(file.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        var body = file.Plain;
        var accepted = context.Request.Headers.AcceptEncoding.ToString();
        if (file.Brotli is not null && accepted.Contains("br", StringComparison.Ordinal))
        {
            response.Headers.ContentEncoding = "br";
            body = file.Brotli;
        }
        else if (file.Gzip is not null && accepted.Contains("gzip", StringComparison.Ordinal))
        {
            response.Headers.ContentEncoding = "gzip";
            body = file.Gzip;
        }
        response.ContentType = file.ContentType;
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
