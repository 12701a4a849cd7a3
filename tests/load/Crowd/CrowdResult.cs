using System.Globalization;
using System.Text.Json;
using TradeProcessor.Load.Reporting;

namespace TradeProcessor.Load.Crowd;

/// <summary>What became of the held connections and of the POSTs over them.</summary>
/// <param name="Opened">Connections that were asked for.</param>
/// <param name="PostSeconds">0 where no POSTs were asked for.</param>
/// <param name="Latency">Of the POSTs, from the intended send.</param>
internal sealed record CrowdResult(
    int Opened,
    int Processes,
    double OpenSeconds,
    CrowdCounts Counts,
    double PostSeconds,
    LatencyHistogram Latency,
    bool Interrupted)
{
    private static readonly (string Name, double Quantile)[] Quantiles =
        [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

    public bool IsGood =>
        Counts.Accepted == Opened && Counts.Open == Opened
        && Counts.PostsAccepted == Counts.Posts && !Interrupted;

    private string Times => string.Concat(Quantiles.Select(q => string.Create(
        CultureInfo.InvariantCulture,
        $"{q.Name} {Milliseconds(Latency.Quantile(q.Quantile))}, ")));

    public string ToText()
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{(Interrupted ? "interrupted; so far: " : "")}"
            + $"{Counts.Begun:N0} opened in {OpenSeconds:F2} s; "
            + $"{Counts.Accepted:N0} accepted, {Counts.Other:N0} other answers, "
            + $"{Counts.Unanswered:N0} unanswered; {Counts.Open:N0} still open at the end");
        return Counts.Posts == 0 ? text : text + string.Create(
            CultureInfo.InvariantCulture,
            $"\n{Counts.Posts:N0} POSTs in {PostSeconds:F2} s; {Counts.PostsAccepted:N0} accepted, "
            + $"{Counts.PostsOther:N0} other answers, {Counts.PostsUnanswered:N0} unanswered; "
            + $"{Times}max {Milliseconds(Latency.MaxNanoseconds)} ms");
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
        json.WriteStartObject("latencyMs");
        foreach (var (name, quantile) in Quantiles)
            json.WriteNumber(name, Milliseconds(Latency.Quantile(quantile)));
        json.WriteNumber("max", Milliseconds(Latency.MaxNanoseconds));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 3);
}
