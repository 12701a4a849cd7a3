using TradeProcessor.Serving;

namespace TradeProcessor.Tests.Unit.Serving;

public sealed class QuantileWindowTests
{
    private readonly QuantileWindow _window = new([1, 2, 4], readings: 3);

    [Fact]
    public void Next_NothingObserved_IsUnknown() => Assert.Null(_window.Next([0, 0, 0, 0], 0.5));

    [Fact]
    public void Next_WithinABucket_IsSpreadEvenly()
    {
        Assert.Equal(0.5, _window.Next([10, 0, 0, 0], 0.5)!.Value, 9);
        var other = new QuantileWindow([1, 2, 4], readings: 3);
        Assert.Equal(2 + 2 * 0.9, other.Next([0, 0, 10, 0], 0.9)!.Value, 9);
    }

    [Fact]
    public void Next_AboveTheLastBound_IsThatBound() =>
        Assert.Equal(4, _window.Next([0, 0, 0, 7], 0.99));

    [Fact]
    public void Next_OldObservations_LeaveTheWindow()
    {
        _ = _window.Next([100, 0, 0, 0], 0.5);
        _ = _window.Next([100, 0, 0, 0], 0.5);
        _ = _window.Next([100, 0, 0, 0], 0.5);
        Assert.Equal(3, _window.Next([100, 0, 10, 0], 0.5)!.Value, 9);
        Assert.Equal(10, _window.Count);
    }
}
