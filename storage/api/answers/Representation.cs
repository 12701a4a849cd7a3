using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace TradeProcessor.Storage.Api.Answers;

internal enum Representation
{
    Json,
    Csv,
}

/// <summary>Chooses by <c>Accept</c> (RFC 9110, 12.5.1): JSON for no wish.</summary>
internal static class Representations
{
    public const string Json = "application/json";
    public const string Csv = "text/csv";

    /// <summary>Null where nothing that there is would be acceptable.</summary>
    public static Representation? Choose(HttpRequest request, bool hasCsv)
    {
        var header = request.Headers.Accept;
        if (!MediaTypeHeaderValue.TryParseList(header, out var ranges) || ranges.Count == 0)
            return Representation.Json;
        var json = Quality(ranges, "application", "json");
        var csv = hasCsv ? Quality(ranges, "text", "csv") : 0;
        if (json == 0 && csv == 0)
            return null;
        return csv > json ? Representation.Csv : Representation.Json;
    }

    // The most specific range decides, whatever its weight.
    private static double Quality(
        IList<MediaTypeHeaderValue> ranges, string type, string subtype)
    {
        var (best, quality) = (0, 0.0);
        foreach (var range in ranges)
        {
            var specificity = Specificity(range, type, subtype);
            var weight = range.Quality ?? 1;
            if (specificity > best || (specificity == best && best > 0 && weight > quality))
                (best, quality) = (specificity, weight);
        }
        return quality;
    }

    private static int Specificity(MediaTypeHeaderValue range, string type, string subtype)
    {
        if (range.MatchesAllTypes)
            return 1;
        if (!range.Type.Equals(type, StringComparison.OrdinalIgnoreCase))
            return 0;
        if (range.MatchesAllSubTypes)
            return 2;
        return range.SubType.Equals(subtype, StringComparison.OrdinalIgnoreCase) ? 3 : 0;
    }
}
