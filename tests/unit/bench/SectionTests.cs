using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Tests.Unit.Bench;

public sealed class SectionTests
{
    [Theory]
    [InlineData(3.0, 3.0)]
    [InlineData(2.5, 4.0, 1.0)]
    [InlineData(2.0, 9.0, 1.0, 2.0)]
    [InlineData(2.5, 9.0, 1.0, 2.0, 3.0)]
    public void Median_AnyOrder_IsTheMiddle(double median, params double[] values)
    {
        var row = new Row("", values);
        Assert.Equal(median, row.Median);
        Assert.Equal(values.Min(), row.Min);
        Assert.Equal(values.Max(), row.Max);
    }

    // Medians alone would say 2.00×: the machine was slow in one round of each.
    [Fact]
    public void Ratio_OfRounds_IsTheMedianWithinARound()
    {
        var section = new Section(
            "title", "1/s", [new Row("peer", [1, 10, 100]), new Row("own", [3, 20, 300])]);
        Assert.Equal(["", "1/s", "min–max", "ratio"], section.Heads);
        Assert.Equal(["peer", "10.0", "1.0–100.0", "1.00×"], section.Cells(section.Rows[0]));
        Assert.Equal(["own", "20.0", "3.0–300.0", "3.00×"], section.Cells(section.Rows[1]));
    }

    [Fact]
    public void Ratio_OtherNumberOfRounds_IsThatOfTheMedians()
    {
        var section = new Section(
            "title", "1/s", [new Row("peer", [10]), new Row("own", [20, 40])]);
        Assert.Equal("3.00×", section.Cells(section.Rows[1]).Last());
    }
}
