namespace TradeProcessor.Bench.Board;

/// <summary>The parser beside source-generated deserialisation, on the sample trade.</summary>
internal static class ParseScore
{
    private static readonly Goal Faster = new(
        "parse and validate one trade ÷ System.Text.Json source-generated", "× faster", 4, 8);

    public static IReadOnlyList<Goal> Goals => [Faster];

    public static BenchResult Run(Pace pace)
    {
        var sections = ParseBenchmark.Measure(pace.Timing);
        var (parser, json) = (sections[0].Rows[0], sections[0].Rows[1]);
        return new BenchResult(
            [Score.Of(Faster, [.. parser.Values.Zip(json.Values, (mine, other) => other / mine)])],
            sections,
            "In one process, unpinned; System.Text.Json only deserialises, the parser validates "
            + "too.",
            "The steps of its way stand alone where they read the text: the usual order, any order "
            + "without oddities, and the whole grammar.");
    }
}
