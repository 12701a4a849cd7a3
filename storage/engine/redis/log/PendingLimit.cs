using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Refuses frames for a shard while too many wait there to be counted. For the shard's one writer.
/// </summary>
internal sealed class PendingLimit(RedisLink link, int shard, int limit, TimeProvider time)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    private long _length;
    private long _askedTimestamp;
    private bool _isFull;

    /// <param name="length">Of the shard's list, as an append tells it.</param>
    public void Observe(long length)
    {
        _length = length;
        _isFull = length > limit;
        _askedTimestamp = time.GetTimestamp();
    }

    /// <exception cref="LogUnavailableException">Nothing may be appended now.</exception>
    public async ValueTask ThrowIfFullAsync(CancellationToken cancellation)
    {
        if (!_isFull)
            return;
        if (time.GetElapsedTime(_askedTimestamp) >= AskEvery)
        {
            _askedTimestamp = time.GetTimestamp();
            _length = await link.CallAsync(
                database => database.ListLengthAsync(RedisKeys.Log(shard)), cancellation);
            _isFull = _length >= limit;
        }
        if (_isFull)
        {
            throw new LogUnavailableException(
                $"{_length:N0} frames wait to be counted in shard {shard}; "
                + $"the limit is {limit:N0}.");
        }
    }
}
