using System.Globalization;

namespace TradeProcessor.Load.Crowd;

/// <summary>How far a part of the held connections is; parts add up.</summary>
/// <param name="Begun">Connections whose opening has ended, well or not.</param>
/// <param name="Accepted">Of them, answered 202.</param>
/// <param name="Other">Of them, answered something else.</param>
/// <param name="Unanswered">Of them, not connected, cut, or too late.</param>
/// <param name="Open">Open now.</param>
/// <param name="Posts">POSTs over open connections.</param>
/// <param name="PostsAccepted">Of them, answered 202.</param>
/// <param name="PostsOther">Of them, answered something else.</param>
/// <param name="PostsUnanswered">Of them, cut or too late.</param>
internal readonly record struct CrowdCounts(
    long Begun,
    long Accepted,
    long Other,
    long Unanswered,
    long Open,
    long Posts,
    long PostsAccepted,
    long PostsOther,
    long PostsUnanswered)
{
    public static CrowdCounts operator +(CrowdCounts left, CrowdCounts right) => new(
        left.Begun + right.Begun,
        left.Accepted + right.Accepted,
        left.Other + right.Other,
        left.Unanswered + right.Unanswered,
        left.Open + right.Open,
        left.Posts + right.Posts,
        left.PostsAccepted + right.PostsAccepted,
        left.PostsOther + right.PostsOther,
        left.PostsUnanswered + right.PostsUnanswered);

    public string ToLine() => string.Join(
        ' ', Begun, Accepted, Other, Unanswered, Open, Posts, PostsAccepted, PostsOther,
        PostsUnanswered);

    public static CrowdCounts Parse(string line)
    {
        var n = Array.ConvertAll(
            line.Split(' '), text => long.Parse(text, CultureInfo.InvariantCulture));
        return new CrowdCounts(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8]);
    }
}
