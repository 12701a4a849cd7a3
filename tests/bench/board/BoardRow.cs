using System.Globalization;

namespace TradeProcessor.Bench.Board;

/// <summary>A benchmark on the scoreboard. Its goals are known before it has run.</summary>
internal sealed record BoardRow(StoredResult Stored, IReadOnlyList<Goal> Goals)
{
    public IReadOnlyList<Score> Scores => Stored.Result?.Scores
        ?? [.. Goals.Select(goal => new Score(goal, null, Stored.Failure ?? ""))];

    /// <summary>Whether all of its goals have a figure.</summary>
    public bool IsMeasured =>
        Stored.Result is not null && Scores.All(score => score.Result is not null);

    /// <summary>Its lines in the table.</summary>
    public IEnumerable<IReadOnlyList<string>> Cells()
    {
        var command = $"`{Stored.Name}`";
        return Stored.Result is null && Goals.Count == 0
            ? [[Stored.Name, "", "", "missing", "", Stored.Failure ?? "", command]]
            : Scores.Select(score => (IReadOnlyList<string>)
                [.. ScoreCells.Of(score, Stored.Quick), command]);
    }

    /// <summary>Says whether rows were measured at different commits; empty where not.</summary>
    public static string CommitsOf(IEnumerable<BoardRow> rows)
    {
        var commits = rows.Where(row => row.Stored.Result is not null)
            .Select(row => row.Stored.Commit).Distinct().Count();
        return commits > 1
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Rows are of {commits} commits; each row's section names its own.")
            : "";
    }
}
