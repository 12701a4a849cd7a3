using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench;

internal static class HttpAllocations
{
    public static IEnumerable<Section> Measure(string path) => [];
}
