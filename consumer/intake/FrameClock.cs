namespace TradeProcessor.Consumer.Intake;

/// <summary>
/// Times of receipt for one shard's frames. Each frame is later than the last trade of the one
/// before it, counting a tick a trade, so that the order of the log is the order of time. A clock
/// that was set back by more than a second is believed.
/// </summary>
internal sealed class FrameClock
{
    private long _nextTicks;

    public long Stamp(long nowTicks, int trades)
    {
        var stamp = nowTicks >= _nextTicks || _nextTicks - nowTicks > TimeSpan.TicksPerSecond
            ? nowTicks
            : _nextTicks;
        _nextTicks = stamp + trades;
        return stamp;
    }
}
