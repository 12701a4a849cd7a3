using System.Threading.Channels;

namespace TradeProcessor.Tests.Unit;

/// <summary>A clock that stands still until it is moved, and timers that the test lets run out.
/// </summary>
internal sealed class HandTimers : TimeProvider
{
    private readonly Channel<HandTimer> _asked = Channel.CreateUnbounded<HandTimer>();
    private long _nowTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _nowTicks);

    /// <summary>Timers that were asked for and not yet given to the test.</summary>
    public int Asked => _asked.Reader.Count;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _nowTicks, by.Ticks);

    /// <summary>The next timer that is asked for.</summary>
    public async Task<HandTimer> NextAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        return await _asked.Reader.ReadAsync(limit.Token);
    }

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(() => callback(state), dueTime);
        Assert.True(_asked.Writer.TryWrite(timer));
        return timer;
    }
}

/// <param name="RunOut">Its time is over.</param>
/// <param name="Due">From the moment in which it was asked for.</param>
internal sealed record HandTimer(Action RunOut, TimeSpan Due) : ITimer
{
    public bool Change(TimeSpan dueTime, TimeSpan period) => true;

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
