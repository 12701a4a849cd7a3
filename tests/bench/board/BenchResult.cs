using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Board;

/// <summary>What is wanted of one figure.</summary>
/// <param name="Unit">Of target, moonshot and result; "×" for a ratio.</param>
/// <param name="Moonshot">Null where there is none beyond the target.</param>
internal sealed record Goal(
    string What, string Unit, double Target, double? Moonshot, bool LessIsBetter = false)
{
    /// <param name="value">Compared with target and moonshot.</param>
    /// <param name="generatorBound">The figure says how fast the generator is.</param>
    public string Judge(double value, bool generatorBound = false)
    {
        var verdict = Moonshot is { } moonshot && IsMet(value, moonshot)
            ? "moonshot"
            : IsMet(value, Target) ? "met" : "not met";
        return generatorBound ? $"{verdict}, generator-bound" : verdict;
    }

    private bool IsMet(double value, double wanted) =>
        LessIsBetter ? value <= wanted : value >= wanted;
}

/// <summary>A goal and what a run came to.</summary>
/// <param name="Result">One value for each round; null where it could not be measured.</param>
/// <param name="Remark">Why it is missing, or what limits it.</param>
/// <param name="GeneratorBound">The server could do more, or the peer could.</param>
internal sealed record Score(
    Goal Goal, Row? Result, string Remark = "", bool GeneratorBound = false)
{
    public static Score Of(
        Goal goal,
        IReadOnlyList<double> values,
        string remark = "",
        bool generatorBound = false) =>
        new(goal, new Row(goal.What, values), remark, generatorBound);

    public static Score Missing(Goal goal, string why) => new(goal, null, $"missing: {why}");
}

/// <summary>All that one benchmark has to say.</summary>
/// <param name="Notes">How it was measured; one sentence each.</param>
internal sealed record BenchResult(
    IReadOnlyList<Score> Scores, IReadOnlyList<Section> Sections, params IReadOnlyList<string> Notes);
