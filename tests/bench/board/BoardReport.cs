using System.Globalization;
using System.Text;
using Spectre.Console;
using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Board;

/// <summary>All goals and what was reached, as a table, a page with plots, and Markdown.</summary>
internal static class BoardReport
{
    private static readonly string[] Heads =
        ["", "target", "moonshot", "result", "min–max", "", "command"];

    public static void Print(IReadOnlyList<StoredResult> results)
    {
        BenchReport.FitOutput();
        var table = new Table().Border(TableBorder.Simple);
        foreach (var head in Heads)
            _ = table.AddColumn(head);
        foreach (var cells in Rows(results))
            _ = table.AddRow([.. cells.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
    }

    public static void WriteHtml(IReadOnlyList<StoredResult> results) => BenchReport.WriteFile(
        "all",
        HtmlPage.Write(
            "all",
            BenchReport.Machine(),
            [.. results.SelectMany(result => result.Result?.Sections ?? [])],
            [Heads, .. Rows(results)]));

    public static void WriteMarkdown(IReadOnlyList<StoredResult> results, string file)
    {
        var text = new StringBuilder(
            """
            # Performance

            Written by `dotnet run -c Release --project tests/bench -- all --write docs/performance.md`;
            each benchmark also runs by its own name, and `-- board --write …` puts together what
            was measured last; each says when that was. Contenders take turns (A B B A); figures are
            medians of the rounds. A goal that is a ratio is the median of the ratios within a round;
            the column "ratio" of a table is that of the medians.


            """);
        AppendTable(text, Heads, Rows(results));
        foreach (var result in results)
            AppendResult(text, result);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllText(file, text.ToString());
        AnsiConsole.WriteLine($"written: {file}");
    }

    private static void AppendResult(StringBuilder text, StoredResult stored)
    {
        _ = text.Append(CultureInfo.InvariantCulture, $"\n## {stored.Name}\n\n");
        if (stored.Result is not { } result)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"Missing: {stored.Failure}.\n");
            return;
        }
        _ = text.Append(stored.Machine).Append(stored.Quick ? "; quick run" : "").Append(".\n");
        foreach (var note in result.Notes)
            _ = text.Append(note).Append('\n');
        foreach (var section in result.Sections)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"\n{section.Title}:\n\n");
            AppendTable(text, section.Heads, section.Rows.Select(section.Cells));
        }
    }

    private static void AppendTable(
        StringBuilder text, IEnumerable<string> heads, IEnumerable<IEnumerable<string>> rows)
    {
        _ = text.Append("| ").AppendJoin(" | ", heads).Append(" |\n|")
            .AppendJoin('|', heads.Select((_, i) => i == 0 ? "---" : "---:")).Append("|\n");
        foreach (var cells in rows)
            _ = text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }

    private static IEnumerable<IEnumerable<string>> Rows(IReadOnlyList<StoredResult> results) =>
        results.SelectMany(result => result.Result is { } whole
            ? whole.Scores.Select(score => Cells(score, result))
            : [[result.Name, "", "", "missing", "", result.Failure ?? "", $"`{result.Name}`"]]);

    private static string[] Cells(Score score, StoredResult stored)
    {
        var goal = score.Goal;
        return
        [
            goal.What,
            Number(goal.Target, goal),
            goal.Moonshot is { } moonshot ? Number(moonshot, goal) : "",
            score.Result is { } row
                ? $"{Number(row.Median, goal)}: {goal.Judge(row.Median)}"
                : "missing",
            score.Result is { } spread
                ? $"{Figure(spread.Min)}–{Figure(spread.Max)}"
                : "",
            stored.Quick ? $"quick run {score.Remark}".TrimEnd() : score.Remark,
            $"`{stored.Name}`",
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
