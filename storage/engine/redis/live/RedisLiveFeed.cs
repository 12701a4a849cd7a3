using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Carries updates from all workers to all frontends over a Redis channel, which loses what it
/// cannot deliver: listeners hear that updates were lost after every new connection, after a gap in
/// a publisher's sequence, and where they are too slow for the queue.
/// </summary>
internal sealed partial class RedisLiveFeed : ILiveFeed, IAsyncDisposable
{
    // A worker publishes some 20 updates a second for each shard.
    private const int QueuedMessages = 1024;

    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(200);

    private readonly RedisBackEnd _backEnd;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ulong _publisher =
        BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private readonly ConcurrentDictionary<int, ulong> _published = new();
    private readonly Channel<byte[]> _arrived = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(QueuedMessages) { SingleReader = true });

    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private ImmutableList<Action<LiveUpdate>> _listeners = [];
    private Task _listening = Task.CompletedTask;
    private ConnectionMultiplexer? _subscribed;
    private int _missed;

    public RedisLiveFeed(RedisBackEnd backEnd, TimeProvider time, ILogger<RedisLiveFeed> logger)
    {
        _backEnd = backEnd;
        _time = time;
        _logger = logger;
        _backEnd.Link.Renewed += OnRenewed;
    }

    /// <summary>Sends nothing where there is no connection: listeners see the gap.</summary>
    public void Publish(LiveUpdate update)
    {
        var sequence = _published.AddOrUpdate(update.Shard, 1, static (_, last) => last + 1);
        if (_backEnd.Link.Current is not { IsConnected: true } multiplexer)
            return;
        try
        {
            _ = multiplexer.GetSubscriber().PublishAsync(
                RedisKeys.LiveChannel,
                new LiveMessage(_publisher, sequence, update).ToBytes(),
                CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (exception is RedisException or ObjectDisposedException)
        {
            // The connection went this moment.
        }
    }

    public IDisposable Listen(Action<LiveUpdate> listener)
    {
        lock (_gate)
        {
            _listeners = _listeners.Add(listener);
            if (_listening.IsCompleted && !_ending.IsCancellationRequested)
                _listening = Task.Run(DeliverAsync);
            if (_subscribed is null && _backEnd.Link.Current is { } multiplexer)
                Subscribe(multiplexer);
        }
        return new Listening(this, listener);
    }

    public async ValueTask DisposeAsync()
    {
        _backEnd.Link.Renewed -= OnRenewed;
        await _ending.CancelAsync();
        await _listening;
        _ending.Dispose();
    }

    private void Remove(Action<LiveUpdate> listener)
    {
        lock (_gate)
        {
            _listeners = _listeners.Remove(listener);
            if (_listeners.IsEmpty)
                Unsubscribe();
        }
    }

    private void OnRenewed(ConnectionMultiplexer multiplexer)
    {
        lock (_gate)
        {
            Unsubscribe();
            if (!_listeners.IsEmpty)
                Subscribe(multiplexer);
        }
    }

    private void Subscribe(ConnectionMultiplexer multiplexer)
    {
        _subscribed = multiplexer;
        multiplexer.ConnectionRestored += OnRestored;
        _ = Task.Run(() => SubscribeAsync(multiplexer));
    }

    private void Unsubscribe()
    {
        if (_subscribed is not { } multiplexer)
            return;
        _subscribed = null;
        multiplexer.ConnectionRestored -= OnRestored;
        if (ReferenceEquals(multiplexer, _backEnd.Link.Current))
            Forget(multiplexer);
    }

    private void Forget(ConnectionMultiplexer multiplexer)
    {
        try
        {
            _ = multiplexer.GetSubscriber().UnsubscribeAsync(
                RedisKeys.LiveChannel, OnMessage, CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (exception is RedisException or ObjectDisposedException)
        {
            // With the connection, the subscription is gone too.
        }
    }

    private async Task SubscribeAsync(ConnectionMultiplexer multiplexer)
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                Task subscribing;
                lock (_gate)
                {
                    if (!ReferenceEquals(_subscribed, multiplexer))
                        return;
                    subscribing = multiplexer.GetSubscriber()
                        .SubscribeAsync(RedisKeys.LiveChannel, OnMessage);
                }
                await subscribing.WaitAsync(_backEnd.Options.CallLimit, _time);
                // What was published before is for the listeners to read from the store.
                Miss();
                return;
            }
            catch (Exception exception) when (exception
                is RedisException or ObjectDisposedException or TimeoutException
                or OperationCanceledException)
            {
                Log.NotSubscribed(_logger, exception.Message);
                // The library keeps a handler whose subscription failed, and would call it twice.
                Forget(multiplexer);
                await Task.Delay(RetryEvery, _time);
            }
        }
    }

    private void OnRestored(object? sender, ConnectionFailedEventArgs connection)
    {
        if (connection.ConnectionType == ConnectionType.Subscription)
            Miss();
    }

    private void OnMessage(RedisChannel channel, RedisValue message)
    {
        if (!_arrived.Writer.TryWrite((byte[]?)message ?? []))
            Volatile.Write(ref _missed, 1);
    }

    private void Miss()
    {
        Volatile.Write(ref _missed, 1);
        // Only to wake the reader; a full queue does that anyway.
        _ = _arrived.Writer.TryWrite([]);
    }

    private async Task DeliverAsync()
    {
        var gaps = new LiveGaps();
        try
        {
            await foreach (var bytes in _arrived.Reader.ReadAllAsync(_ending.Token))
            {
                if (Interlocked.Exchange(ref _missed, 0) != 0)
                    TellMissed();
                if (bytes.Length > 0)
                    Deliver(bytes, gaps);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
    }

    private void Deliver(byte[] bytes, LiveGaps gaps)
    {
        LiveMessage message;
        try
        {
            message = LiveMessage.Read(bytes);
        }
        catch (InvalidDataException exception)
        {
            Log.Unreadable(_logger, exception.Message);
            TellMissed();
            return;
        }
        if (gaps.IsGap(message))
            Tell(new LiveUpdate(message.Update.Shard, null, []));
        Tell(message.Update);
    }

    private void TellMissed()
    {
        for (var shard = 0; shard < _backEnd.ShardCount; shard++)
            Tell(new LiveUpdate(shard, null, []));
    }

    private void Tell(LiveUpdate update)
    {
        foreach (var listener in Volatile.Read(ref _listeners))
        {
            try
            {
                listener(update);
            }
            catch (Exception exception)
            {
                Log.ListenerFailed(_logger, exception);
            }
        }
    }

    private sealed class Listening(RedisLiveFeed feed, Action<LiveUpdate> listener) : IDisposable
    {
        public void Dispose() => feed.Remove(listener);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Live updates are not subscribed: {Reason}")]
        public static partial void NotSubscribed(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Warning, "A live update cannot be read: {Reason}")]
        public static partial void Unreadable(ILogger logger, string reason);

        [LoggerMessage(3, LogLevel.Error, "A listener of live updates failed")]
        public static partial void ListenerFailed(ILogger logger, Exception exception);
    }
}
