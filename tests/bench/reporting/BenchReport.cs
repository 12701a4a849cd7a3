using System.Globalization;
using System.Runtime.InteropServices;
using Spectre.Console;

namespace TradeProcessor.Bench.Reporting;

/// <summary>Prints sections as tables and writes them as one HTML page with plots.</summary>
internal static class BenchReport
{
    private const int FileWidth = 120; // where the output is no terminal, which would be 80

    public static void Show(string name, params IReadOnlyList<Section> sections)
    {
        var machine = Machine();
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = FileWidth;
            AnsiConsole.Profile.Capabilities.Ansi = false;
        }
        AnsiConsole.WriteLine(machine);
        foreach (var section in sections)
            AnsiConsole.Write(ToTable(section));
        var path = Path.Combine("artifacts", "bench", name + ".html");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, HtmlPage.Write(name, machine, sections));
        AnsiConsole.WriteLine($"plots: {path}");
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

    private static string Machine()
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
