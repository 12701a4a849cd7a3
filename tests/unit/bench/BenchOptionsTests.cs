using TradeProcessor.Bench;

namespace TradeProcessor.Tests.Unit.Bench;

public sealed class BenchOptionsTests
{
    private static readonly string[] Names =
        ["all", "board", "single", "connections", "memory", "soak"];

    [Fact]
    public void Parse_NameAlone_HasTheDefaults()
    {
        Assert.Equal(new BenchOptions("single"), Parse("single"));
        Assert.True(new BenchOptions("single") is
        {
            Path: "artifacts", Quick: false, Builds: true, Rate: 20_000,
            Write: null, Minutes: null, Connections: null,
        });
    }

    [Fact]
    public void Parse_EachOption_IsTaken()
    {
        Assert.Equal(
            new BenchOptions("single", Path: "/tmp/x", Quick: true, Builds: false),
            Parse("single", "--path", "/tmp/x", "--quick", "--no-build"));
        Assert.Equal(
            new BenchOptions("connections", Connections: 50_000, Rate: 1),
            Parse("connections", "--rate", "1", "--connections", "50000"));
        Assert.Equal(0.5, Parse("memory", "--minutes", "0.5").Minutes);
        Assert.Equal("x.md", Parse("board", "--write", "x.md").Write);
    }

    [Theory]
    [InlineData("no name of a benchmark")]
    [InlineData("no benchmark 'sngle'", "sngle")]
    [InlineData("no option '--fast'", "single", "--fast")]
    [InlineData("--path: its value is missing", "single", "--path")]
    [InlineData("--rate is not of 'single'", "single", "--rate", "5")]
    [InlineData("--write is not of 'single'", "single", "--write", "x.md")]
    [InlineData("a whole number of at least 1", "connections", "--rate", "0")]
    [InlineData("a whole number of at least 1", "connections", "--connections", "2000001")]
    [InlineData("a whole number of at least 1", "all", "--rate", "1e3")]
    [InlineData("a number above 0", "soak", "--minutes", "0")]
    [InlineData("a number above 0", "soak", "--minutes", "1441")]
    [InlineData("a number above 0", "soak", "--minutes", "NaN")]
    [InlineData("whose name ends in .md", "board", "--write", "x.html")]
    [InlineData("its directory does not exist", "board", "--write", "/no/such/x.md")]
    [InlineData("--write is not of quick runs", "all", "--write", "x.md", "--quick")]
    [InlineData("it shows full runs only", "board", "--quick")]
    public void Parse_Wrong_SaysWhat(string why, params string[] args) =>
        Assert.Contains(
            why, Assert.Throws<FormatException>(() => Parse(args)).Message, StringComparison.Ordinal);

    private static BenchOptions Parse(params string[] args) => BenchOptions.Parse(args, Names);
}
