using TradeProcessor.Contracts;
using TradeProcessor.Frontend.Live;

namespace TradeProcessor.Tests.Unit.Live;

/// <summary>What is well, what wants a look, and what is said of it.</summary>
public sealed class HealthRulesTests
{
    private static readonly DateTime Now = new(2026, 1, 24, 10, 27, 44, DateTimeKind.Utc);

    private static readonly HealthFacts Well = new(
        Now,
        new StoreSummary("e", 100, 0, 1, 1, LagSeconds: 0.1, 5, Now),
        [new ShardHealth(0, "desk/1", 0, null, 0, 1000)],
        [Process()],
        new DeadReport(0, 0, []),
        LogFailure: null);

    private static ProcessReport Process(
        double silentSeconds = 0,
        double? ackSeconds = 0.002,
        long waiting = 0,
        long refused = 0,
        long acked = 5000) => new(
        "desk/1", "host", "1.0", Now, Now.AddSeconds(-silentSeconds), 1, 0,
        ConnectionsOpen: 3, RequestsWaiting: waiting, AckP99Seconds: ackSeconds,
        RequestsRefused: refused, RequestsAcked: acked);

    [Fact]
    public void Judge_AllIsWell_SaysSo()
    {
        var findings = HealthRules.Judge(Well);
        Assert.All(findings, finding => Assert.Equal(HealthLevel.Good, finding.Level));
        Assert.All(
            findings, finding => Assert.EndsWith(".", finding.Reason, StringComparison.Ordinal));
        Assert.Equal(HealthLevel.Good, HealthRules.Worst(findings).Level);
    }

    [Theory]
    [InlineData(1.9, "Good")]
    [InlineData(2, "Warn")]
    [InlineData(10, "Bad")]
    public void Judge_Behind_ByItsLimits(double seconds, string level)
    {
        var facts = Well with { Summary = Well.Summary with { LagSeconds = seconds } };
        var words = level == "Good"
            ? "It keeps up: 1.9 s behind. 2 s would want a look."
            : $"{seconds:0.#} s behind";
        AssertOnly(facts, "Counting", level, words);
    }

    [Theory]
    [InlineData(4, "Good")]
    [InlineData(5, "Warn")]
    [InlineData(20, "Bad")]
    public void Judge_SilentProcess_ByItsLimits(double seconds, string level) => AssertOnly(
        Well with { Processes = [Process(silentSeconds: seconds)] },
        "Processes",
        level,
        level == "Good" ? "report" : "host desk/1 has been silent");

    [Theory]
    [InlineData(0.2, "Good")]
    [InlineData(0.3, "Warn")]
    [InlineData(1.5, "Bad")]
    public void Judge_SlowAnswers_ByTheirLimits(double seconds, string level) => AssertOnly(
        Well with { Processes = [Process(ackSeconds: seconds)] },
        "Answers",
        level,
        level == "Good" ? "quickly: 99 of 100 within 200 ms. 250 ms" : "One request in a hundred");

    [Theory]
    [InlineData(0.2, "Good", "quickly: all 47 within 200 ms.")]
    [InlineData(0.9, "Good", "The slowest of 47 requests in 10 s took 0.9 s.")]
    [InlineData(1.5, "Warn", "The slowest of 47 requests in 10 s took 1.5 s.")]
    public void Judge_OneSlowAnswerOfFew_IsNoTrouble(double seconds, string level, string words) =>
        AssertOnly(
            Well with { Processes = [Process(ackSeconds: seconds, acked: 47)] },
            "Answers", level, words);

    [Fact]
    public void Judge_ShardWithoutOwner_IsBad() => AssertOnly(
        Well with { Shards = [.. Well.Shards, new ShardHealth(3, null, 9, null, 1, 10)] },
        "Shards", "Bad", "Nobody counts shard 3");

    [Fact]
    public void Judge_LogFailed_IsBad() => AssertOnly(
        Well with { LogFailure = "no space left" }, "Trade log", "Bad", "no space left");

    [Fact]
    public void Judge_DeadFrames_WantALook() => AssertOnly(
        Well with { Dead = new DeadReport(2, 1200, []) },
        "Dead letters", "Warn", "2 frames with 1,200 trades");

    [Theory]
    [InlineData(0.002, 1, "Warn", "1 request was told 503")]
    [InlineData(null, 1200, "Bad", "1,200 requests were told 503")]
    public void Judge_RequestsRefused_AreNotWell(
        double? ackSeconds, long refused, string level, string words) => AssertOnly(
        Well with { Processes = [Process(ackSeconds: ackSeconds, refused: refused)] },
        "Answers", level, words);

    [Theory]
    [InlineData(100L << 30, 1000L << 30, "Good", "100 GiB of 1000 GiB left.")]
    [InlineData(1L << 30, 8L << 30, "Good", "1 GiB of 8 GiB")]
    [InlineData(1L << 30, 100L << 30, "Warn", "1 GiB of 100 GiB left; once it is full")]
    [InlineData(200L << 20, 100L << 30, "Bad", "200 MiB of 100 GiB")]
    [InlineData(0, 32 << 20, "Bad", "0 MiB of 32 MiB")]
    public void Judge_DiskGetsFull_WantsALookBeforeItIs(
        long free, long all, string level, string words) => AssertOnly(
        Well with { Shards = [Well.Shards[0] with { DiskFreeBytes = free, DiskBytes = all }] },
        "Disk", level, words);

    [Fact]
    public void Judge_RequestsPileUp_WantsALook() => AssertOnly(
        Well with { Processes = [Process(waiting: 20_000)] }, "Requests waiting", "Warn", "20,000 requests");

    [Fact]
    public void Judge_FewRequestsWait_SaysHowMany() => AssertOnly(
        Well with { Processes = [Process(waiting: 9_999)] },
        "Requests waiting", "Good", "9,999 now. 10,000 would want a look.");

    private static void AssertOnly(HealthFacts facts, string name, string level, string words)
    {
        var findings = HealthRules.Judge(facts);
        var finding = findings.Single(each => each.Name == name);
        Assert.Equal(level, finding.Level.ToString());
        Assert.Contains(words, finding.Reason, StringComparison.Ordinal);
        Assert.All(
            findings.Where(each => each.Name != name),
            each => Assert.Equal(HealthLevel.Good, each.Level));
    }
}
