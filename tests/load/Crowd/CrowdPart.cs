using System.Globalization;

namespace TradeProcessor.Load.Crowd;

/// <summary>What a child is to know beside the options of the whole.</summary>
/// <param name="FirstTrade">Its trades begin with this one.</param>
/// <param name="Window">Connections that it may have under way while it opens.</param>
internal sealed record CrowdPart(long FirstTrade, int Window)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{FirstTrade}/{Window}");

    /// <exception cref="UsageException">Not written by <see cref="ToString"/>.</exception>
    public static CrowdPart Parse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2
            && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var first)
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var window)
            && first >= 0 && window > 0
                ? new CrowdPart(first, window)
                : throw new UsageException($"--hold-part {text}: is only for the tool itself");
    }
}
