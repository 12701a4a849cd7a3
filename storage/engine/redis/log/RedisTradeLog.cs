using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// The lists of frames as consumers see them. An append whose outcome is unknown sends the same
/// bytes again until it is known; the worker drops what came twice.
/// </summary>
internal sealed class RedisTradeLog : ITradeLog
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMilliseconds(70);
    private static readonly TimeSpan ProbeLifetime = TimeSpan.FromMinutes(1);

    private readonly RedisLink _link;
    private readonly ShardBell _bell;
    private readonly RedisServerSettings _settings;
    private readonly TimeProvider _time;
    private readonly PendingLimit[] _pending;
    private readonly ReplicaWait? _replicas;

    public RedisTradeLog(RedisBackEnd backEnd, RedisServerSettings settings, TimeProvider time)
    {
        _link = backEnd.Link;
        _bell = backEnd.Bell;
        _settings = settings;
        _time = time;
        ShardCount = backEnd.ShardCount;
        _pending = [.. Enumerable.Range(0, ShardCount).Select(shard => new PendingLimit(
            _link, shard, backEnd.Options.MaxPendingFrames, time))];
        _replicas = backEnd.Replicas;
    }

    public int ShardCount { get; }

    /// <summary>
    /// More than this gains little: the costs of a call are gone at 64 KiB, and a larger element
    /// only holds up what comes behind it on the connection.
    /// </summary>
    public int FramePayloadBytes => 64 << 10;

    public Durability? Durability => _settings.Known.Durability;

    public async ValueTask AppendAsync(
        int shard, ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        if (TradeFrame.ReadHeader(frame.Span, out _) != FrameStatus.Whole)
            throw new ArgumentException("The frame is not sealed.", nameof(frame));
        await _pending[shard].ThrowIfFullAsync(cancellation);
        // A copy: after a call was given up, the library may still send what it was given.
        var bytes = frame.ToArray();
        for (var mayBeThere = false; ; mayBeThere = true)
        {
            try
            {
                await PushAsync(shard, bytes, cancellation);
                return;
            }
            catch (LogUnavailableException exception)
                when (mayBeThere ? !IsRefused(exception) : IsUnknown(exception))
            {
                await Task.Delay(RepeatAfter, _time, cancellation);
            }
        }
    }

    public async ValueTask ProbeAsync(CancellationToken cancellation) =>
        _ = await _link.CallAsync(
            database => Task.WhenAll(Enumerable.Range(0, ShardCount).Select(
                shard => database.StringSetAsync(RedisKeys.Probe(shard), 1, ProbeLifetime))),
            cancellation);

    private async ValueTask PushAsync(int shard, byte[] frame, CancellationToken cancellation)
    {
        if (_replicas is null)
        {
            Pushed(shard, await _link.CallAsync(
                database => database.ListRightPushAsync(RedisKeys.Log(shard), frame),
                cancellation));
            return;
        }
        var (connection, length) = await _replicas.WriteAsync(
            database => database.ListRightPushAsync(RedisKeys.Log(shard), frame), cancellation);
        Pushed(shard, length);
        await _replicas.UntilTheyHaveAsync(connection, cancellation);
    }

    // A list that was not empty is being counted, and will be looked at after the commit.
    private void Pushed(int shard, long length)
    {
        _pending[shard].Observe(length);
        if (length == 1)
            _bell.Ring(shard);
    }

    private static bool IsRefused(LogUnavailableException exception) =>
        exception.InnerException is RedisRefusedException;

    // Without a cause there was no connection: nothing was sent.
    private static bool IsUnknown(LogUnavailableException exception) =>
        exception.InnerException is not null && !IsRefused(exception);
}
