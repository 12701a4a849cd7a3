using System.Globalization;
using System.Net;
using System.Text;

namespace TradeProcessor.Bench.Reporting;

/// <summary>Sections as one page that needs nothing beside itself.</summary>
internal static class HtmlPage
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <param name="head">Heads and cells of a table before the plots; empty for none.</param>
    public static string Write(
        string name,
        string machine,
        IReadOnlyList<Section> sections,
        params IReadOnlyList<IEnumerable<string>> head)
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
        if (head.Count > 0)
            AppendTable(page, head[0], head.Skip(1));
        foreach (var section in sections)
        {
            _ = page.Append(Culture, $"<h2>{Escaped(section.Title)}</h2>\n").Append(Plot(section));
            AppendTable(page, section.Heads, section.Rows.Select(section.Cells));
        }
        return page.ToString();
    }

    private static void AppendTable(
        StringBuilder page, IEnumerable<string> heads, IEnumerable<IEnumerable<string>> rows)
    {
        _ = page.Append("<table><tr><th>").AppendJoin("<th>", heads.Select(Escaped)).Append('\n');
        foreach (var cells in rows)
            _ = page.Append("<tr><td>").AppendJoin("<td>", cells.Select(Escaped)).Append('\n');
        _ = page.Append("</table>\n");
    }

    private static string Plot(Section section)
    {
        const double Left = 250, Width = 460, RowHeight = 34;
        var most = section.Rows.Max(row => row.Max);
        var scale = most > 0 ? Width / most : 0;
        var height = section.Rows.Count * RowHeight + 24;
        var svg = new StringBuilder();
        svg.Append(Culture, $"<svg viewBox=\"0 0 800 {height}\" role=\"img\">\n");
        for (var i = 0; i < section.Rows.Count; i++)
        {
            var row = section.Rows[i];
            var middle = i * RowHeight + 16;
            svg.Append(Culture, $"<text x=\"{Left - 8}\" y=\"{middle + 4}\" text-anchor=\"end\">{Escaped(row.Name)}</text>\n");
            svg.Append(Culture, $"<rect class=\"bar\" x=\"{Left}\" y=\"{middle - 10}\" width=\"{row.Median * scale:F1}\" height=\"20\"/>\n");
            svg.Append(Culture, $"<line class=\"range\" x1=\"{Left + row.Min * scale:F1}\" x2=\"{Left + row.Max * scale:F1}\" y1=\"{middle}\" y2=\"{middle}\"/>\n");
            foreach (var value in row.Values)
                svg.Append(Culture, $"<circle class=\"dot\" cx=\"{Left + value * scale:F1}\" cy=\"{middle}\" r=\"2.5\"/>\n");
            svg.Append(Culture, $"<text x=\"{Left + row.Max * scale + 8:F1}\" y=\"{middle + 4}\">{Section.Number(row.Median)}</text>\n");
        }
        svg.Append(Culture, $"<text x=\"{Left}\" y=\"{height - 6}\">0</text><text x=\"{Left + Width}\" y=\"{height - 6}\" text-anchor=\"end\">{Escaped(section.Unit)}</text>\n</svg>\n");
        return svg.ToString();
    }

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
