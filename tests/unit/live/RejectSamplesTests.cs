using TradeProcessor.Contracts;
using TradeProcessor.Frontend.Live;

namespace TradeProcessor.Tests.Unit.Live;

public sealed class RejectSamplesTests
{
    private static readonly DateTime Now = new(2026, 1, 24, 10, 27, 44, DateTimeKind.Utc);

    [Fact]
    public void Of_OneReasonIsMostOfThem_HasTheNewestOfEach()
    {
        var recent = Enumerable.Range(0, 100)
            .Select(age => Rejected(age, age switch
            {
                40 or 60 => ["invalid_json"],
                70 => ["required", "unknown_country"],
                _ => ["unknown_country"],
            }))
            .ToList();
        var report = new RejectReport(100, new Dictionary<string, long>(), recent);

        var ages = RejectSamples.Of(report).Recent.Select(reject => (Now - reject.At).TotalSeconds);

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 40, 70], ages);
    }

    [Fact]
    public void Of_Few_HasThemAllAsTheyCame()
    {
        var report = new RejectReport(
            2, new Dictionary<string, long>(), [Rejected(1, "required"), Rejected(2, "required")]);
        Assert.Equal(report.Recent, RejectSamples.Of(report).Recent);
    }

    private static Reject Rejected(int secondsAgo, params string[] codes) => new(
        Now.AddSeconds(-secondsAgo), [.. codes.Select(code => new FieldError("field", code))], "{}");
}
