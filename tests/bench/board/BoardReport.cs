using Spectre.Console;
using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Board;

/// <summary>All goals and what was reached, as a table and a page with plots.</summary>
internal static class BoardReport
{
    public static IReadOnlyList<string> Heads { get; } = [.. ScoreCells.Heads, "command"];

    public static void Print(IReadOnlyList<BoardRow> rows)
    {
        BenchReport.FitOutput();
        if (BoardRow.CommitsOf(rows) is { Length: > 0 } commits)
            AnsiConsole.WriteLine(commits);
        BenchReport.PrintTable(Heads, rows.SelectMany(row => row.Cells()));
    }

    /// <param name="name">Of the page.</param>
    public static void WriteHtml(string name, IReadOnlyList<BoardRow> rows)
    {
        var machine = $"{BenchReport.Machine()}. {BoardRow.CommitsOf(rows)}".TrimEnd(' ', '.');
        var page = HtmlPage.Write(
            name,
            machine,
            [.. rows.SelectMany(row => row.Stored.Result?.Sections ?? [])],
            [Heads, .. rows.SelectMany(row => row.Cells())]);
        BenchReport.WriteFile(name, page);
    }
}
