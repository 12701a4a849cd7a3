using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Http;

/// <summary>
/// Where a figure says how fast wrk is, not how fast the server is: close to the most that wrk
/// reached with any server that does nothing.
/// </summary>
/// <param name="others">Samples of all servers beside the host; the null server's are last.</param>
internal sealed class GeneratorBounds(IReadOnlyList<IReadOnlyList<WrkResult>> others)
{
    private const double Bound = 0.9; // of the most that it reaches

    private readonly IReadOnlyList<WrkResult> _nothing = others[^1];
    private readonly double _ceiling = others.Max(PerSecond);

    /// <summary>A ratio of the two is then less, or more, than that of the servers.</summary>
    public bool Hold(IReadOnlyList<WrkResult> host, IReadOnlyList<WrkResult> nginx) =>
        Holds(host) || HoldsPeer(nginx);

    /// <summary>The same in words, and how far the generator goes.</summary>
    public IEnumerable<string> Of(IReadOnlyList<WrkResult> host, IReadOnlyList<WrkResult> nginx)
    {
        yield return Holds(host)
            ? $"the host is generator-bound: wrk reaches {_ceiling:N0}/s at most"
            : $"the most that wrk reached with any other server: {_ceiling:N0}/s";
        if (HoldsPeer(nginx))
        {
            yield return $"nginx is generator-bound: {PerSecond(nginx):N0}/s, "
                + $"the null server {PerSecond(_nothing):N0}/s";
        }
        var multiple = new Row(
            "", [.. _nothing.Zip(nginx, (most, peer) => most.PerSecond / peer.PerSecond)]).Median;
        yield return $"the generator's own ceiling (null server) is {multiple:F2} × nginx";
    }

    private bool Holds(IReadOnlyList<WrkResult> host) => PerSecond(host) > Bound * _ceiling;

    private bool HoldsPeer(IReadOnlyList<WrkResult> nginx) =>
        PerSecond(nginx) > Bound * PerSecond(_nothing);

    private static double PerSecond(IReadOnlyList<WrkResult> samples) =>
        new Row("", [.. samples.Select(sample => sample.PerSecond)]).Median;
}
