using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>The refused trades that a page gets: where one reason is most of them, others, too.</summary>
internal static class RejectSamples
{
    private const int Most = 12;

    /// <summary>Among so many of the newest they are looked for.</summary>
    public const int Searched = 200;

    /// <summary>Of each reason the newest, then the newest of all; newest first.</summary>
    public static RejectReport Of(RejectReport report)
    {
        var codes = new HashSet<string>(StringComparer.Ordinal);
        var chosen = report.Recent.Where(HasNewCode).Concat(report.Recent)
            .Distinct<Reject>(ReferenceEqualityComparer.Instance)
            .Take(Most)
            .ToHashSet<Reject>(ReferenceEqualityComparer.Instance);
        return report with { Recent = [.. report.Recent.Where(chosen.Contains)] };

        bool HasNewCode(Reject reject)
        {
            var before = codes.Count;
            codes.UnionWith(reject.Errors.Select(error => error.Code));
            return codes.Count > before;
        }
    }
}
