using System.Globalization;
using System.Runtime.InteropServices;
using Spectre.Console;
using TradeProcessor.Bench.Board;

namespace TradeProcessor.Bench.Reporting;

/// <summary>Prints sections as tables and writes them as one HTML page with plots.</summary>
internal static class BenchReport
{
    private const int FileWidth = 120; // where the output is no terminal, which would be 80

    public static void Show(string name, params IReadOnlyList<Section> sections) =>
        Show(name, sections, []);

    /// <param name="quick">Whether it comes of a quick run.</param>
    public static void Show(string name, BenchResult result, bool quick)
    {
        var scores = result.Scores.Select(score => ScoreCells.Of(score, quick)).ToList();
        Show(
            ResultStore.NameOf(name, quick),
            result.Sections,
            scores.Count > 0 ? [ScoreCells.Heads, .. scores] : []);
        foreach (var note in result.Notes)
            AnsiConsole.WriteLine(note);
        if (scores.Count > 0)
            PrintTable(ScoreCells.Heads, scores);
    }

    public static void PrintTable(
        IEnumerable<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var head in heads)
            _ = table.AddColumn(head);
        foreach (var cells in rows)
            _ = table.AddRow([.. cells.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
    }

    /// <summary>Tables are as wide as the text where the output is no terminal.</summary>
    public static void FitOutput()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = FileWidth;
            AnsiConsole.Profile.Capabilities.Ansi = false;
        }
    }

    public static void WriteFile(string name, string page)
    {
        var path = Path.Combine("artifacts", "bench", name + ".html");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, page);
        AnsiConsole.WriteLine($"plots: {path}");
    }

    private static void Show(
        string name,
        IReadOnlyList<Section> sections,
        IReadOnlyList<IReadOnlyList<string>> head)
    {
        var machine = Machine();
        FitOutput();
        AnsiConsole.WriteLine(machine);
        foreach (var section in sections)
            AnsiConsole.Write(ToTable(section));
        WriteFile(name, HtmlPage.Write(name, machine, sections, head));
    }

    private static Table ToTable(Section section)
    {
        var table = new Table().Title(Markup.Escape(section.Title)).Border(TableBorder.Simple);
        foreach (var head in section.Heads)
            table.AddColumn(new TableColumn(head) { Alignment = Justify.Right, NoWrap = true });
        table.Columns[0].Alignment = Justify.Left;
        foreach (var row in section.Rows)
            table.AddRow([.. section.Cells(row).Select(Markup.Escape)]);
        return table;
    }

    /// <summary>Processor, runtime, system and the time now.</summary>
    public static string Machine()
    {
        var cpu = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name"))
            : null;
        cpu = cpu?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        return $"{cpu}, {Environment.ProcessorCount} processors; "
            + $"{RuntimeInformation.FrameworkDescription}; {RuntimeInformation.OSDescription}; "
            + DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
    }
}
