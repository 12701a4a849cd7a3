using TradeProcessor.Load.Reporting;

namespace TradeProcessor.Load.Files;

/// <summary>The end of sending files, for people and for machines.</summary>
internal static class FileSummary
{
    public static void Print(Terminal terminal, FileTotals totals, TimeSpan time, bool interrupted)
    {
        if (terminal.Json)
            Console.Out.WriteLine(Json(totals, time, interrupted));
        else
            terminal.Line(Text(totals, time, interrupted));
    }

    private static string Text(FileTotals totals, TimeSpan time, bool interrupted)
    {
        var text = $"{(interrupted ? "interrupted; so far: " : "")}{totals.Lines:N0} lines: "
            + $"{totals.Accepted:N0} accepted, {totals.Rejected:N0} rejected, "
            + $"{totals.Unreadable:N0} unreadable";
        if (totals.Refused > 0)
            text += $", {totals.Refused:N0} not taken";
        if (totals.Unanswered > 0)
            text += $", {totals.Unanswered:N0} unanswered";
        text += $"; {time.TotalSeconds:F2} s";
        var errors = totals.ByCode.Select(code => $"{code.Value:N0} × {code.Key}");
        return totals.ByCode.Count == 0 ? text : $"{text}\nerrors: {string.Join(", ", errors)}";
    }

    private static string Json(FileTotals totals, TimeSpan time, bool interrupted) =>
        JsonText.Write(json =>
        {
            json.WriteNumber("lines", totals.Lines);
            json.WriteNumber("accepted", totals.Accepted);
            json.WriteNumber("rejected", totals.Rejected);
            json.WriteNumber("unreadable", totals.Unreadable);
            json.WriteNumber("refused", totals.Refused);
            json.WriteNumber("unanswered", totals.Unanswered);
            json.WriteBoolean("interrupted", interrupted);
            json.WriteNumber("seconds", Math.Round(time.TotalSeconds, 3));
            json.WriteStartObject("errors");
            foreach (var (code, count) in totals.ByCode)
                json.WriteNumber(code, count);
            json.WriteEndObject();
        });
}
