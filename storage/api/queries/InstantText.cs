using System.Globalization;

namespace TradeProcessor.Storage.Api.Queries;

/// <summary>Instants in ISO 8601.</summary>
internal static class InstantText
{
    /// <summary>As it stands in JSON and CSV: UTC, no trailing zeros.</summary>
    public const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd",
    ];

    // Room to align an instant to the end of its day.
    private static readonly DateTime Last = new(9999, 12, 30, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Reads a date, or a date and time; UTC where there is no offset.</summary>
    public static bool TryParse(string text, out DateTime instant)
    {
        // A plus that was not percent-encoded arrives as a space.
        var isGood = DateTimeOffset.TryParseExact(
            text.Replace(' ', '+'),
            Formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var parsed);
        instant = parsed.UtcDateTime;
        return isGood && instant <= Last;
    }
}
