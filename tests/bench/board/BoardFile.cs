using System.Globalization;
using System.Text;
using Spectre.Console;

namespace TradeProcessor.Bench.Board;

/// <summary>The scoreboard as a Markdown file, with the tables of each benchmark.</summary>
internal static class BoardFile
{
    /// <summary>
    /// Why the file stays as it is: a board with gaps must not take the place of one that may have
    /// none. Null where it may be written.
    /// </summary>
    public static string? WhyNot(IReadOnlyList<BoardRow> rows, string file)
    {
        var missing = rows.Where(row => !row.IsMeasured).Select(row => row.Stored.Name).ToList();
        return missing.Count > 0 && File.Exists(file)
            ? $"{file} stays as it is, not measured in full: {string.Join(", ", missing)}"
            : null;
    }

    public static void Write(IReadOnlyList<BoardRow> rows, string file)
    {
        var text = new StringBuilder(
            """
            # Performance

            Written by `dotnet run -c Release --project tests/bench -- all --write docs/performance.md`;
            each benchmark also runs by its own name, and `-- board --write …` puts together what
            was measured last; each says when that was. Contenders take turns (A B B A); figures are
            medians of the rounds. Ratios, those of the goals as those of the tables, are the medians
            of the ratios within a round. "Generator-bound" is a result that says how fast the
            generator is, or where a peer could do more than the generator asks of it.


            """);
        if (BoardRow.CommitsOf(rows) is { Length: > 0 } commits)
            _ = text.Append(commits).Append("\n\n");
        AppendTable(text, BoardReport.Heads, rows.SelectMany(row => row.Cells()));
        foreach (var row in rows)
            AppendResult(text, row.Stored);
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
        _ = text.Append(stored.Machine).Append(".\n");
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
}
