using System.Globalization;
using System.Text.Json;
using TradeProcessor.Load.Reporting;

namespace TradeProcessor.Load.Crowd;

/// <summary>What became of the held connections and of the POSTs over them.</summary>
/// <param name="Opened">Connections that were asked for.</param>
/// <param name="PostSeconds">Of all rounds.</param>
/// <param name="Rounds">Latencies of the POSTs of each, from the intended send.</param>
internal sealed record CrowdResult(
    int Opened,
    int Processes,
    double OpenSeconds,
    CrowdCounts Counts,
    double PostSeconds,
    IReadOnlyList<LatencyHistogram> Rounds,
    bool Interrupted)
{
    private static readonly (string Name, double Quantile)[] Quantiles =
        [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

    public bool IsGood =>
        Counts.Accepted == Opened && Counts.Open == Opened
        && Counts.PostsAccepted == Counts.Posts && !Interrupted;

    public string ToText()
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{(Interrupted ? "interrupted; so far: " : "")}"
            + $"{Counts.Begun:N0} opened in {OpenSeconds:F2} s; "
            + $"{Counts.Accepted:N0} accepted, {Counts.Other:N0} other answers, "
            + $"{Counts.Unanswered:N0} unanswered; {Counts.Open:N0} still open at the end");
        if (Counts.Posts == 0)
            return text;
        text += string.Create(
            CultureInfo.InvariantCulture,
            $"\n{Counts.Posts:N0} POSTs in {PostSeconds:F2} s; {Counts.PostsAccepted:N0} accepted, "
            + $"{Counts.PostsOther:N0} other answers, {Counts.PostsUnanswered:N0} unanswered; "
            + $"{Times(Whole())}");
        return Rounds.Count == 1
            ? text
            : text + string.Concat(Rounds.Select((round, i) => $"\nround {i + 1}: {Times(round)}"));
    }

    public string ToJson() => JsonText.Write(json =>
    {
        json.WriteNumber("opened", Counts.Begun);
        json.WriteNumber("openSeconds", Math.Round(OpenSeconds, 3));
        json.WriteNumber("accepted", Counts.Accepted);
        json.WriteNumber("otherAnswers", Counts.Other);
        json.WriteNumber("unanswered", Counts.Unanswered);
        json.WriteNumber("stillOpen", Counts.Open);
        json.WriteBoolean("interrupted", Interrupted);
        json.WriteNumber("processes", Processes);
        if (Counts.Posts > 0)
            WritePosts(json);
    });

    private void WritePosts(Utf8JsonWriter json)
    {
        json.WriteStartObject("posts");
        json.WriteNumber("sent", Counts.Posts);
        json.WriteNumber("seconds", Math.Round(PostSeconds, 3));
        json.WriteNumber("accepted", Counts.PostsAccepted);
        json.WriteNumber("otherAnswers", Counts.PostsOther);
        json.WriteNumber("unanswered", Counts.PostsUnanswered);
        json.WritePropertyName("latencyMs");
        WriteLatency(json, Whole());
        json.WriteStartArray("rounds");
        foreach (var round in Rounds)
            WriteLatency(json, round);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private LatencyHistogram Whole()
    {
        var whole = new LatencyHistogram();
        foreach (var round in Rounds)
            whole.Add(round);
        return whole;
    }

    private static string Times(LatencyHistogram latency) =>
        string.Concat(Quantiles.Select(q => string.Create(
            CultureInfo.InvariantCulture,
            $"{q.Name} {Milliseconds(latency.Quantile(q.Quantile))}, ")))
        + string.Create(
            CultureInfo.InvariantCulture, $"max {Milliseconds(latency.MaxNanoseconds)} ms");

    private static void WriteLatency(Utf8JsonWriter json, LatencyHistogram latency)
    {
        json.WriteStartObject();
        foreach (var (name, quantile) in Quantiles)
            json.WriteNumber(name, Milliseconds(latency.Quantile(quantile)));
        json.WriteNumber("max", Milliseconds(latency.MaxNanoseconds));
        json.WriteEndObject();
    }

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 3);
}
