using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TradeProcessor.Consumer.Bodies;

namespace TradeProcessor.Consumer.Api;

/// <summary>
/// Which bodies are taken. <c>text/plain</c> and forms are not, on purpose: a browser may send
/// them across sites without asking.
/// </summary>
internal static class TradesMediaType
{
    public const string Json = "application/json";
    public const string Ndjson = "application/x-ndjson";

    /// <summary>The header of an answer that says so.</summary>
    public const string Accept = $"{Json}, {Ndjson}";

    public const string Allowed =
        $"Send {Json} (one trade or an array) or {Ndjson} (a trade on each line), in UTF-8, "
        + "not compressed.";

    /// <summary>Null for a body that is not taken.</summary>
    public static BodyKind? KindOf(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0
            && request.Headers.ContentEncoding != "identity")
        {
            return null;
        }
        var type = request.ContentType;
        if (string.Equals(type, Json, StringComparison.OrdinalIgnoreCase))
            return BodyKind.Json;
        if (!MediaTypeHeaderValue.TryParse(type, out var parsed)
            || (parsed.Charset.HasValue && !IsUtf8(parsed.Charset.Value)))
        {
            return null;
        }
        if (parsed.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
            return BodyKind.Json;
        return parsed.MediaType.Equals(Ndjson, StringComparison.OrdinalIgnoreCase)
            ? BodyKind.Ndjson
            : null;
    }

    private static bool IsUtf8(string? charset) =>
        string.Equals(charset?.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase);
}
