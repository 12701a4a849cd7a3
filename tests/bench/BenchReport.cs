using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace TradeProcessor.Bench;

/// <summary>One table of a report: contenders on the same work, the first one is the measure.</summary>
internal sealed record Section(string Title, IReadOnlyList<Measured> Results);

/// <summary>Prints sections as tables and writes them as one HTML page with plots.</summary>
internal static class BenchReport
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <param name="unit">What an operation is, for example "trade".</param>
    public static void Show(string name, string unit, IReadOnlyList<Section> sections)
    {
        var machine = Machine();
        AnsiConsole.WriteLine(machine);
        foreach (var section in sections)
            AnsiConsole.Write(ToTable(section, unit));
        var path = Path.Combine("artifacts", "bench", name + ".html");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Page(name, unit, machine, sections));
        AnsiConsole.WriteLine($"plots: {path}");
    }

    private static Table ToTable(Section section, string unit)
    {
        var table = new Table().Title(Markup.Escape(section.Title)).Border(TableBorder.Simple);
        string[] heads = ["", $"ns/{unit}", "min–max", "ratio", $"B/{unit}"];
        foreach (var head in heads)
            table.AddColumn(new TableColumn(head) { Alignment = Justify.Right, NoWrap = true });
        table.Columns[0].Alignment = Justify.Left;
        foreach (var row in Rows(section))
            table.AddRow([.. row.Select(Markup.Escape)]);
        return table;
    }

    private static IEnumerable<string[]> Rows(Section section)
    {
        var measure = section.Results[0].Median;
        return section.Results.Select(result => new[]
        {
            result.Name,
            result.Median.ToString("F1", Culture),
            string.Create(Culture, $"{result.Min:F1}–{result.Max:F1}"),
            string.Create(Culture, $"{result.Median / measure:F2}×"),
            result.Bytes.ToString("F0", Culture),
        });
    }

    private static string Machine()
    {
        var cpu = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name"))
            : null;
        cpu = cpu?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        return $"{cpu}, {Environment.ProcessorCount} processors; "
            + $"{RuntimeInformation.FrameworkDescription}; {RuntimeInformation.OSDescription}; "
            + DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", Culture);
    }

    private static string Page(
        string name, string unit, string machine, IReadOnlyList<Section> sections)
    {
        var page = new StringBuilder($$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>bench {{name}}</title>
            <style>
              body { font: 15px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem }
              td, th { padding: .1rem .8rem; text-align: right } td:first-child { text-align: left }
              svg { width: 100%; height: auto } text { font: 13px system-ui, sans-serif }
              .bar { fill: #4878a8 } .range { stroke: #222; stroke-width: 1.5 } .dot { fill: #222; opacity: .35 }
            </style>
            <h1>{{name}}</h1>
            <p>{{Escaped(machine)}}. Bars are medians, dots the rounds, lines the least and the most.</p>

            """);
        foreach (var section in sections)
        {
            page.Append(Culture, $"<h2>{Escaped(section.Title)}</h2>\n").Append(Plot(section, unit));
            page.Append(Culture, $"<table><tr><th><th>ns/{unit}<th>min–max<th>ratio<th>B/{unit}\n");
            foreach (var row in Rows(section))
                page.Append("<tr><td>").AppendJoin("<td>", row.Select(Escaped)).Append('\n');
            page.Append("</table>\n");
        }
        return page.ToString();
    }

    private static string Plot(Section section, string unit)
    {
        const double Left = 250, Width = 460, RowHeight = 34;
        var scale = Width / section.Results.Max(result => result.Max);
        var height = section.Results.Count * RowHeight + 24;
        var svg = new StringBuilder();
        svg.Append(Culture, $"<svg viewBox=\"0 0 800 {height}\" role=\"img\">\n");
        for (var i = 0; i < section.Results.Count; i++)
        {
            var result = section.Results[i];
            var middle = i * RowHeight + 16;
            svg.Append(Culture, $"<text x=\"{Left - 8}\" y=\"{middle + 4}\" text-anchor=\"end\">{Escaped(result.Name)}</text>\n");
            svg.Append(Culture, $"<rect class=\"bar\" x=\"{Left}\" y=\"{middle - 10}\" width=\"{result.Median * scale:F1}\" height=\"20\"/>\n");
            svg.Append(Culture, $"<line class=\"range\" x1=\"{Left + result.Min * scale:F1}\" x2=\"{Left + result.Max * scale:F1}\" y1=\"{middle}\" y2=\"{middle}\"/>\n");
            foreach (var ns in result.Nanoseconds)
                svg.Append(Culture, $"<circle class=\"dot\" cx=\"{Left + ns * scale:F1}\" cy=\"{middle}\" r=\"2.5\"/>\n");
            svg.Append(Culture, $"<text x=\"{Left + result.Max * scale + 8:F1}\" y=\"{middle + 4}\">{result.Median:F0} ns</text>\n");
        }
        svg.Append(Culture, $"<text x=\"{Left}\" y=\"{height - 6}\">0</text><text x=\"{Left + Width}\" y=\"{height - 6}\" text-anchor=\"end\">ns/{unit}</text>\n</svg>\n");
        return svg.ToString();
    }

    private static string Escaped(string text) => System.Net.WebUtility.HtmlEncode(text);
}
