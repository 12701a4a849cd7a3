using System.Globalization;

namespace TradeProcessor.Bench.Board;

/// <summary>Scores as the cells of a table: of one benchmark as of the whole scoreboard.</summary>
internal static class ScoreCells
{
    public static IReadOnlyList<string> Heads { get; } =
        ["goal", "target", "moonshot", "result", "min–max", "remark"];

    /// <param name="quick">Whether it comes of a quick run.</param>
    public static IReadOnlyList<string> Of(Score score, bool quick)
    {
        var goal = score.Goal;
        return
        [
            goal.What,
            Number(goal.Target, goal),
            goal.Moonshot is { } moonshot ? Number(moonshot, goal) : "",
            score.Result is { } row
                ? $"{Number(row.Median, goal)}: {goal.Judge(row.Median, score.GeneratorBound)}"
                : "missing",
            score.Result is { } spread ? $"{Figure(spread.Min)}–{Figure(spread.Max)}" : "",
            string.Join("; ", ((string[])[quick ? "quick run" : "", score.Remark])
                .Where(part => part.Length > 0)),
        ];
    }

    private static string Number(double value, Goal goal) => $"{Figure(value)} {goal.Unit}";

    private static string Figure(double value) => Math.Abs(value) switch
    {
        0 => "0",
        < 100 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("N0", CultureInfo.InvariantCulture),
    };
}
