namespace TradeProcessor.Tests.Unit;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class ManualTime(DateTime start) : TimeProvider
{
    private DateTime _now = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(_now, TimeSpan.Zero);

    public override long GetTimestamp() => _now.Ticks;

    public void Advance(TimeSpan by) => _now += by;
}
