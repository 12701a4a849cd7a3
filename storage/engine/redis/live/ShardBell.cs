using StackExchange.Redis;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Wakes the worker of a shard when a frame comes into its empty list, so that one who waits need
/// not look often. A ring can be lost; whoever waits looks now and then all the same.
/// </summary>
internal sealed class ShardBell(RedisLink link, int shardCount)
{
    private readonly TaskCompletionSource[] _rings =
        [.. Enumerable.Range(0, shardCount).Select(_ => NewRing())];

    private int _isListening;

    /// <summary>Waits for nothing; does nothing where there is no connection.</summary>
    public void Ring(int shard)
    {
        if (link.Current is not { IsConnected: true } multiplexer)
            return;
        try
        {
            _ = multiplexer.GetSubscriber().PublishAsync(
                RedisKeys.BellChannel, shard, CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (exception is RedisException or ObjectDisposedException)
        {
            // The connection went this moment.
        }
    }

    /// <summary>
    /// Completes with the next ring for the shard, once <see cref="Listen"/> took effect.
    /// </summary>
    public Task NextAsync(int shard) => Volatile.Read(ref _rings[shard]).Task;

    /// <summary>Subscribes, now and after each new connection.</summary>
    public void Listen()
    {
        if (Interlocked.Exchange(ref _isListening, 1) == 1)
            return;
        link.Renewed += Subscribe;
        if (link.Current is { } multiplexer)
            Subscribe(multiplexer);
    }

    private static TaskCompletionSource NewRing() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Subscribe(ConnectionMultiplexer multiplexer) =>
        _ = SubscribeAsync(multiplexer);

    private async Task SubscribeAsync(ConnectionMultiplexer multiplexer)
    {
        try
        {
            await multiplexer.GetSubscriber().SubscribeAsync(RedisKeys.BellChannel, OnRing);
        }
        catch (Exception exception) when (exception
            is RedisException or ObjectDisposedException or TimeoutException
            or OperationCanceledException)
        {
            // Until the next connection, workers see frames by looking.
        }
    }

    private void OnRing(RedisChannel channel, RedisValue message)
    {
        if (message.TryParse(out int shard) && (uint)shard < (uint)shardCount)
            _ = Interlocked.Exchange(ref _rings[shard], NewRing()).TrySetResult();
    }
}
