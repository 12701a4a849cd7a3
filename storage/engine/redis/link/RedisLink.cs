using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// The connection to Redis. A call has a limit of time, which the client library does not give;
/// where nothing came back for so long, or the library has lost all its connections, the link is
/// renewed, because a connection that was cut off in silence would stay in use for minutes. It
/// is renewed also where no primary answers, at most once a second: the primary's name may have got
/// another address, and the library looks at the servers' roles once a minute.
/// </summary>
internal sealed partial class RedisLink : IAsyncDisposable
{
    /// <summary>How long a program that starts waits for Redis: a restart of it takes less.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(15);

    /// <summary>Pause between two attempts to reach it.</summary>
    public static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LookAtMostEvery = TimeSpan.FromSeconds(1);

    private readonly ConfigurationOptions _configuration;
    private readonly TimeSpan _callLimit;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private ConnectionMultiplexer? _current;
    private Task _renewal = Task.CompletedTask;
    private Task _looking = Task.CompletedTask;
    private long _lookedAt;
    private string _failure = "Redis was not reached yet.";
    private long _lastReply;

    private RedisLink(RedisOptions options, TimeProvider time, ILogger logger)
    {
        _configuration = Parse(options);
        _callLimit = options.CallLimit;
        _time = time;
        _logger = logger;
    }

    /// <summary>After a new connection was made: what was subscribed on the old one is gone.</summary>
    public event Action<ConnectionMultiplexer>? Renewed;

    /// <summary>Null while there is none.</summary>
    public ConnectionMultiplexer? Current => Volatile.Read(ref _current);

    /// <exception cref="StartRefusedException">No Redis answers there.</exception>
    public static async Task<RedisLink> ConnectAsync(
        RedisOptions options, TimeProvider time, ILogger logger)
    {
        var link = new RedisLink(options, time, logger);
        var started = time.GetTimestamp();
        var isWaiting = false;
        while (!await link.TryConnectAsync())
        {
            if (!isWaiting)
                Log.Waiting(logger, link.Address, StartLimit.TotalSeconds);
            isWaiting = true;
            if (time.GetElapsedTime(started) > StartLimit)
            {
                throw new StartRefusedException(
                    $"Redis:Configuration: no Redis answers at {link.Address} "
                    + $"within {StartLimit.TotalSeconds:0} s: {link._failure}");
            }
            await Task.Delay(RetryEvery, time);
        }
        return link;
    }

    public string Address => string.Join(", ", _configuration.EndPoints);

    /// <summary>One call.</summary>
    /// <exception cref="LogUnavailableException">
    /// Redis did not answer, or refused. Where <see cref="RedisRefusedException"/> is the cause, the
    /// call had no effect; otherwise nobody knows.
    /// </exception>
    public async ValueTask<T> CallAsync<T>(
        Func<IDatabase, Task<T>> call, CancellationToken cancellation = default)
    {
        var multiplexer = Current ?? throw new LogUnavailableException(_failure);
        var started = _time.GetTimestamp();
        try
        {
            var answer = await call(multiplexer.GetDatabase())
                .WaitAsync(_callLimit, _time, cancellation)
                .ConfigureAwait(false);
            Volatile.Write(ref _lastReply, _time.GetTimestamp());
            return answer;
        }
        catch (RedisServerException exception)
        {
            Volatile.Write(ref _lastReply, _time.GetTimestamp());
            throw Refused(multiplexer, $"Redis refused: {exception.Message}", exception);
        }
        catch (RedisCommandException exception)
        {
            // Known before it was sent: what was the master is a replica, say.
            throw Refused(
                multiplexer, $"Redis takes no such call: {exception.Message}", exception);
        }
        catch (TimeoutException exception)
        {
            if (Volatile.Read(ref _lastReply) < started)
                Renew(multiplexer, $"Redis at {Address} does not answer.");
            throw new LogUnavailableException(
                $"Redis did not answer within {_callLimit.TotalMilliseconds:0} ms.", exception);
        }
        catch (Exception exception)
            when (exception is RedisConnectionException or ObjectDisposedException
                || IsCutOff(exception, cancellation))
        {
            if (!multiplexer.IsConnected)
                Renew(multiplexer, $"Redis at {Address} is not connected.");
            else
                FindPrimary(multiplexer, $"No primary of Redis at {Address} is connected.");
            throw new LogUnavailableException($"Redis at {Address} is not connected.", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _renewal;
        await _looking;
        Drop(Interlocked.Exchange(ref _current, null));
        _ending.Dispose();
    }

    // A multiplexer that is closed cancels what it has in flight.
    private static bool IsCutOff(Exception exception, CancellationToken cancellation) =>
        exception is OperationCanceledException && !cancellation.IsCancellationRequested;

    private static ConfigurationOptions Parse(RedisOptions options)
    {
        ConfigurationOptions configuration;
        try
        {
            configuration = ConfigurationOptions.Parse(options.Configuration);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new StartRefusedException(
                $"Redis:Configuration: {exception.Message}", exception);
        }
        if (configuration.EndPoints.Count == 0)
            throw new StartRefusedException("Redis:Configuration: must name an address, host:6379");
        configuration.ClientName ??= "tradeprocessor";
        configuration.AbortOnConnectFail = true;
        configuration.ConnectTimeout = 1000;
        configuration.ReconnectRetryPolicy = new LinearRetry(500);
        return configuration;
    }

    private LogUnavailableException Refused(
        ConnectionMultiplexer multiplexer, string what, Exception exception)
    {
        var refused = new RedisRefusedException(exception.Message);
        if (refused.IsFromOtherThanPrimary)
            FindPrimary(multiplexer, $"Redis at {Address} is not the primary.");
        return new LogUnavailableException(what, refused);
    }

    private void FindPrimary(ConnectionMultiplexer multiplexer, string reason)
    {
        if (!IsTimeToLook(multiplexer))
            return;
        // Other shards of a cluster may have their primaries: those connections stay.
        if (IsCluster(multiplexer))
            _looking = Task.Run(() => LookAsync(multiplexer));
        else
            Renew(multiplexer, reason);
    }

    private static bool IsCluster(ConnectionMultiplexer multiplexer) => Array.Exists(
        multiplexer.GetEndPoints(),
        server => multiplexer.GetServer(server).ServerType == ServerType.Cluster);

    private static async Task LookAsync(ConnectionMultiplexer multiplexer)
    {
        try
        {
            _ = await multiplexer.ConfigureAsync();
        }
        catch (Exception exception)
            when (exception is RedisException or ObjectDisposedException or TimeoutException
                or OperationCanceledException)
        {
            // The next call that fails looks again.
        }
    }

    private bool IsTimeToLook(ConnectionMultiplexer multiplexer)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(Current, multiplexer) || !_looking.IsCompleted
                || _time.GetElapsedTime(_lookedAt) < LookAtMostEvery)
            {
                return false;
            }
            _lookedAt = _time.GetTimestamp();
            return true;
        }
    }

    private void Renew(ConnectionMultiplexer broken, string reason)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(Current, broken) || _ending.IsCancellationRequested)
                return;
            _failure = reason;
            Volatile.Write(ref _current, null);
            Log.Lost(_logger, reason);
            _renewal = Task.Run(async () =>
            {
                Drop(broken);
                while (!_ending.IsCancellationRequested && !await TryConnectAsync())
                    await Task.Delay(RetryEvery, _time, CancellationToken.None);
                if (Current is { } renewed)
                {
                    Log.Back(_logger, Address);
                    Renewed?.Invoke(renewed);
                }
            });
        }
    }

    private async Task<bool> TryConnectAsync()
    {
        try
        {
            var multiplexer = await ConnectionMultiplexer.ConnectAsync(_configuration);
            Volatile.Write(ref _current, multiplexer);
            return true;
        }
        catch (RedisConnectionException exception)
        {
            _failure = $"Redis at {Address} is not connected ({exception.FailureType}).";
            return false;
        }
    }

    private static void Drop(ConnectionMultiplexer? multiplexer)
    {
        if (multiplexer is null)
            return;
        multiplexer.Close(allowCommandsToComplete: false);
        multiplexer.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Reason} Connecting anew")]
        public static partial void Lost(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Information, "Redis at {Address} is connected again")]
        public static partial void Back(ILogger logger, string address);

        [LoggerMessage(3, LogLevel.Warning,
            "Waiting for Redis at {Address}, for {Seconds} s at most")]
        public static partial void Waiting(ILogger logger, string address, double seconds);
    }
}
