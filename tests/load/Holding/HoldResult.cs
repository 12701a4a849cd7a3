using System.Globalization;
using TradeProcessor.Load.Reporting;

namespace TradeProcessor.Load.Holding;

/// <summary>What became of the held connections.</summary>
internal sealed record HoldResult(
    int Opened,
    double OpenSeconds,
    int Accepted,
    int OtherAnswers,
    int Unanswered,
    int StillOpen,
    bool Interrupted)
{
    public bool IsGood => Accepted == Opened && StillOpen == Opened && !Interrupted;

    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Interrupted ? "interrupted; so far: " : "")}{Opened:N0} opened in {OpenSeconds:F2} s; "
        + $"{Accepted:N0} accepted, {OtherAnswers:N0} other answers, {Unanswered:N0} unanswered; "
        + $"{StillOpen:N0} still open at the end");

    public string ToJson() => JsonText.Write(json =>
    {
        json.WriteNumber("opened", Opened);
        json.WriteNumber("openSeconds", Math.Round(OpenSeconds, 3));
        json.WriteNumber("accepted", Accepted);
        json.WriteNumber("otherAnswers", OtherAnswers);
        json.WriteNumber("unanswered", Unanswered);
        json.WriteNumber("stillOpen", StillOpen);
        json.WriteBoolean("interrupted", Interrupted);
    });
}
