using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TradeProcessor.Serving;

/// <summary>
/// An error as every program answers it, <c>application/problem+json</c> (RFC 9457).
/// </summary>
/// <param name="Type">A URN, <c>urn:tradeprocessor:not-found</c>; stable, for programs.</param>
/// <param name="Title">The same for all problems of the type.</param>
/// <param name="Detail">What is wrong this time and what would be right.</param>
/// <param name="Errors">Messages or codes by parameter or field.</param>
[Description("An error (RFC 9457).")]
public sealed record ProblemBody(
    [property: Description("A URN that names the kind of problem.")] string Type,
    [property: Description("The same for all problems of the type.")] string Title,
    [property: Description("The HTTP status.")] int Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [property: Description("What is wrong this time and what would be right.")]
    string? Detail = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [property: Description("Messages by parameter or field.")]
    IReadOnlyDictionary<string, string[]>? Errors = null)
{
    public const string MediaType = "application/problem+json";

    /// <summary>Members beside the standard ones.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extensions { get; set; }

    /// <summary>As it is sent.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, ServingJson.WriterOptions))
            JsonSerializer.Serialize(writer, this, ServingJson.Default.ProblemBody);
        return buffer.ToArray();
    }

    /// <summary>The problem that a bare status stands for.</summary>
    public static ProblemBody ForStatus(int status, string? detail = null)
    {
        var (name, title) = status switch
        {
            400 => ("bad-request", "The request is malformed."),
            401 => ("unauthorized", "The request needs a key."),
            403 => ("forbidden", "The key does not allow this."),
            404 => ("not-found", "There is nothing at this path."),
            405 => ("method-not-allowed", "The path does not take this method."),
            406 => ("not-acceptable", "No representation is acceptable."),
            408 => ("timeout", "The request came too slowly."),
            411 => ("length-required", "The request must say its length."),
            413 => ("too-large", "The request is too large."),
            414 => ("uri-too-long", "The address is too long."),
            415 => ("unsupported-media-type", "The media type is not supported."),
            429 => ("too-many-requests", "Too many requests; try later."),
            431 => ("headers-too-large", "The headers are too large."),
            500 => ("internal", "Something went wrong here."),
            503 => ("unavailable", "Not possible now; try later."),
            _ => ($"status-{status}", Microsoft.AspNetCore.WebUtilities.ReasonPhrases
                .GetReasonPhrase(status)),
        };
        return new ProblemBody(Problem.TypePrefix + name, title, status, detail);
    }
}
