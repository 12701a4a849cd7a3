using TradeProcessor.Bench.Http;
using TradeProcessor.Bench.Ndjson;
using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Tests.Unit.Bench;

/// <summary>What a result says of peers, and of a generator that is slower than they are.</summary>
public sealed class PeerTests
{
    private static readonly TimeSpan Cpu = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Ndjson_PeerCannotBeHad_IsReportedAsMissing()
    {
        using var contenders = new Contenders();
        Add(contenders, "host");
        Add(contenders, "null server");
        await contenders.AddPeerAsync(
            "ClickHouse", () => throw new UnavailableException("no network"), []);

        var result = NdjsonBenchmark.Judge(contenders, [[Rows(2_000_000)], [Rows(9_000_000)]]);
        Assert.Equal(2_000_000, result.Scores[0].Result!.Median);
        Assert.Equal("ClickHouse is missing", result.Scores[0].Remark);
        Assert.False(result.Scores[0].GeneratorBound);
        Assert.Null(result.Scores[1].Result);
        Assert.Equal("missing: no network", result.Scores[1].Remark);
        Assert.Contains("ClickHouse is missing: no network.", result.Notes);
    }

    [Fact]
    public void Ndjson_PeerIsThere_IsDividedBy()
    {
        using var contenders = new Contenders();
        foreach (var name in (string[])["host", "null server", "ClickHouse"])
            Add(contenders, name);
        var result = NdjsonBenchmark.Judge(
            contenders, [[Rows(2_000_000)], [Rows(3_000_000)], [Rows(500_000)]]);
        Assert.Equal(4, result.Scores[1].Result!.Median);
        Assert.All(result.Scores, score => Assert.True(score.GeneratorBound));
        Assert.Equal("generator-bound: its own ceiling is 3,000,000", result.Scores[0].Remark);
    }

    [Theory]
    [InlineData(50, 80, false)]
    [InlineData(91, 80, true)]  // the host
    [InlineData(50, 91, true)]  // nginx
    public void Bounds_CloseToTheNullServer_Hold(long host, long nginx, bool hold)
    {
        WrkResult[] peer = [Requests(nginx)];
        var bounds = new GeneratorBounds([peer, [Requests(100)]]);
        Assert.Equal(hold, bounds.Hold([Requests(host)], peer));
    }

    [Fact]
    public void Bounds_InWords_NameTheMultipleOfNginx()
    {
        WrkResult[] nginx = [Requests(1000), Requests(2000)];
        var bounds = new GeneratorBounds([nginx, [Requests(8000), Requests(12_000)]]);
        Assert.Equal(
            [
                "the most that wrk reached with any other server: 10,000/s",
                "the generator's own ceiling (null server) is 7.00 × nginx",
            ],
            bounds.Of([Requests(5000), Requests(5000)], nginx));
    }

    [Fact]
    public void P99_OfBurstsWithoutTimes_IsNotKept()
    {
        Assert.Equal("not kept", WrkResult.P99Of([Requests(1), Requests(2)]));
        Assert.Equal("1.50", WrkResult.P99Of([Requests(1) with { P99Ms = 1.5 }]));
    }

    private static void Add(Contenders contenders, string name) => contenders.Add(
        name, 1000, _ => throw new InvalidOperationException("Nothing runs here."));

    private static NdjsonBenchmark.Sample Rows(long count) => new(count, 1, Cpu);

    private static WrkResult Requests(long count) => new(count, 1, 0, 0, 0, Cpu);
}
