using TradeProcessor.Bench.Board;

namespace TradeProcessor.Tests.Unit.Bench;

public sealed class GoalTests
{
    private static readonly Goal More = new("requests", "1/s", 0.7, 1.0);
    private static readonly Goal Less = new("latency", "ms", 20, 5, LessIsBetter: true);
    private static readonly Goal NoMoonshot = new("rows", "×", 3, null);

    [Theory]
    [InlineData(0.69, "not met")]
    [InlineData(0.7, "met")]
    [InlineData(0.99, "met")]
    [InlineData(1.0, "moonshot")]
    [InlineData(7.0, "moonshot")]
    public void Judge_MoreIsBetter_ReachesFromBelow(double value, string verdict) =>
        Assert.Equal(verdict, More.Judge(value));

    [Theory]
    [InlineData(20.1, "not met")]
    [InlineData(20.0, "met")]
    [InlineData(5.1, "met")]
    [InlineData(5.0, "moonshot")]
    [InlineData(0.0, "moonshot")]
    public void Judge_LessIsBetter_ReachesFromAbove(double value, string verdict) =>
        Assert.Equal(verdict, Less.Judge(value));

    [Fact]
    public void Judge_NoMoonshot_IsMetAtMost()
    {
        Assert.Equal("met", NoMoonshot.Judge(1e9));
        Assert.Equal("not met", NoMoonshot.Judge(2.9));
    }

    [Theory]
    [InlineData(0.5, "not met, generator-bound")]
    [InlineData(0.76, "met, generator-bound")]
    [InlineData(1.2, "moonshot, generator-bound")]
    public void Judge_GeneratorBound_SaysSo(double value, string verdict) =>
        Assert.Equal(verdict, More.Judge(value, generatorBound: true));

    [Fact]
    public void Cells_OfAScore_AreThoseOfTheBoard()
    {
        var score = Score.Of(More, [0.7, 0.76, 0.9], "0.82 × per server CPU-s", true);
        Assert.Equal(
            [
                "requests", "0.7 1/s", "1 1/s", "0.76 1/s: met, generator-bound", "0.7–0.9",
                "0.82 × per server CPU-s",
            ],
            ScoreCells.Of(score, quick: false));
        Assert.Equal("quick run; 0.82 × per server CPU-s", ScoreCells.Of(score, quick: true)[^1]);
        Assert.Equal("missing: no root", ScoreCells.Of(Score.Missing(Less, "no root"), false)[^1]);
    }
}
