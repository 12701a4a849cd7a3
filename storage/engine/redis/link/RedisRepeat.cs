using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>Repeats a call until its outcome is known.</summary>
internal sealed class RedisRepeat(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="call">May be done more than once.</param>
    public async ValueTask<T> UntilKnownAsync<T>(
        Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await call(cancellation);
            }
            catch (LogUnavailableException)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }
}
