using System.Globalization;
using System.Text.Json;
using TradeProcessor.Load.Sending;
using TradeProcessor.Load.Verifying;

namespace TradeProcessor.Load.Reporting;

/// <summary>The end of a run, for people and for machines.</summary>
internal static class Summary
{
    private const int MaxDifferences = 10;

    private static readonly (string Name, double Quantile)[] Quantiles =
        [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

    public static IEnumerable<string> Text(RunResult result, Verdict? verdict)
    {
        if (result.Interrupted)
            yield return "interrupted; so far:";
        yield return Line("sent", $"{result.Sent:N0} trades");
        yield return Line("accepted", $"{result.Accepted:N0}");
        yield return Line("rejected", $"{result.Rejected:N0}");
        if (result.Refused > 0)
            yield return Line("refused", $"{result.Refused:N0} (busy to the end; not in the log)");
        yield return Line("unanswered", $"{result.Unanswered:N0}");
        if (result.Unsent > 0)
            yield return Line("not sent", $"{result.Unsent:N0}");
        if (result.Retries + result.Cuts > 0)
        {
            yield return Line(
                "retries", $"{result.Retries:N0} requests; {result.Cuts:N0} cut connections");
        }

        yield return Line(
            "rate",
            $"{result.TradesPerSecond:N0} acknowledged trades/s over {result.Seconds:F3} s");
        yield return Line("latency", Latency(result.Latency));
        if (result.Statuses.Keys.Any(status => status != 202))
        {
            var answers = result.Statuses.Select(answer => $"{answer.Value:N0} × {answer.Key}");
            yield return Line("answers", string.Join(", ", answers));
        }

        if (result.FirstProblem is { } problem)
            yield return Line("first", problem);
        if (verdict is not null)
        {
            foreach (var line in Text(verdict))
                yield return line;
        }
    }

    public static string Json(RunResult result, Verdict? verdict) => JsonText.Write(json =>
    {
        json.WriteNumber("sent", result.Sent);
        json.WriteNumber("accepted", result.Accepted);
        json.WriteNumber("rejected", result.Rejected);
        json.WriteNumber("refused", result.Refused);
        json.WriteNumber("unanswered", result.Unanswered);
        json.WriteNumber("unsent", result.Unsent);
        json.WriteNumber("retries", result.Retries);
        json.WriteNumber("cuts", result.Cuts);
        json.WriteBoolean("interrupted", result.Interrupted);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 6));
        json.WriteNumber("tradesPerSecond", Math.Round(result.TradesPerSecond, 1));
        json.WriteStartObject("latencyMs");
        foreach (var (name, quantile) in Quantiles)
            json.WriteNumber(name, Milliseconds(result.Latency.Quantile(quantile)));
        json.WriteNumber("max", Milliseconds(result.Latency.MaxNanoseconds));
        json.WriteEndObject();
        json.WriteStartObject("answers");
        foreach (var (status, count) in result.Statuses)
            json.WriteNumber(status.ToString(CultureInfo.InvariantCulture), count);
        json.WriteEndObject();
        if (result.FirstProblem is { } problem)
            json.WriteString("firstProblem", problem);
        if (verdict is not null)
            Write(json, verdict);
    });

    private static IEnumerable<string> Text(Verdict verdict)
    {
        if (verdict.Agreed)
        {
            var when = $"agreed {verdict.SecondsFromFirstPost:F3} s after the first POST";
            yield return Line("verify", $"{when}: {What(verdict)}");
            yield break;
        }

        yield return Line("verify", verdict.Problem is { } problem
            ? $"DID NOT AGREE: {problem}"
            : $"DID NOT AGREE: {What(verdict)}; {verdict.Differences.Count} differences");
        foreach (var difference in verdict.Differences.Take(MaxDifferences))
            yield return $"  {difference}";
    }

    private static string What(Verdict verdict)
    {
        var stored = verdict.Exact
            ? $"stored {verdict.Stored:N0}, acknowledged {verdict.Low:N0}"
            : $"stored {verdict.Stored:N0}, between acknowledged {verdict.Low:N0} and, "
                + $"with what nobody knows, {verdict.High:N0}";
        return verdict.TotalsOnly
            ? $"{stored}; only totals compared: the service counts several pairs as \"other\""
            : $"{stored}; count and both sums of {verdict.Cells:N0} cells compared";
    }

    private static void Write(Utf8JsonWriter json, Verdict verdict)
    {
        json.WriteStartObject("verify");
        json.WriteBoolean("agreed", verdict.Agreed);
        if (verdict.SecondsFromFirstPost is { } seconds)
            json.WriteNumber("secondsFromFirstPost", Math.Round(seconds, 6));
        json.WriteBoolean("exact", verdict.Exact);
        json.WriteBoolean("totalsOnly", verdict.TotalsOnly);
        json.WriteNumber("stored", verdict.Stored);
        json.WriteNumber("low", verdict.Low);
        json.WriteNumber("high", verdict.High);
        json.WriteNumber("cells", verdict.Cells);
        if (verdict.Problem is { } problem)
            json.WriteString("problem", problem);
        json.WriteStartArray("differences");
        foreach (var difference in verdict.Differences.Take(MaxDifferences))
            json.WriteStringValue(difference.ToString());
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Latency(LatencyHistogram latency) =>
        string.Concat(Quantiles.Select(
            q => $"{q.Name} {Milliseconds(latency.Quantile(q.Quantile))}  "))
        + $"max {Milliseconds(latency.MaxNanoseconds)} ms a request";

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 3);

    private static string Line(string name, string value) => $"{name,-11} {value}";
}
