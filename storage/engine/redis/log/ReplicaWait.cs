using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Waits until replicas have what was written. <c>WAIT</c> speaks of one connection only and holds
/// up all that is behind it there, so there is one at a time: writes of all shards that come while
/// it runs share the next one.
/// </summary>
internal sealed class ReplicaWait(RedisLink link, RedisOptions options, TimeProvider time)
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(70);

    // Well below the limit of a call, also for the calls that have to wait behind it.
    private readonly int _waitMs =
        (int)Math.Min(100, options.CallLimit.TotalMilliseconds / 4);

    private readonly Lock _gate = new();
    private Task<Answer> _running = Task.FromResult(default(Answer));
    private Task<Answer>? _next;
    private Task? _naming;

    /// <summary>Writes, and says on which connection.</summary>
    /// <exception cref="LogUnavailableException"/>
    public async ValueTask<(RedisConnectionMark Connection, T Written)> WriteAsync<T>(
        Func<IDatabase, Task<T>> write, CancellationToken cancellation)
    {
        var naming = NameAsync();
        await naming.WaitAsync(cancellation);
        var (connection, written) = await link.CallAsync(
            async database =>
            {
                var connection = MarkAsync(database);
                var written = write(database);
                await Task.WhenAll(connection, written);
                return (await connection, await written);
            },
            cancellation);
        if (!connection.IsKnown)
            Forget(naming);
        return (connection, written);
    }

    /// <summary>Completes once enough replicas have what was written on the connection.</summary>
    /// <exception cref="LogUnavailableException">
    /// It is to be written again: the connection is another one, or Redis is no primary any more.
    /// </exception>
    public async ValueTask UntilTheyHaveAsync(
        RedisConnectionMark connection, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (await HaveAsync(connection, cancellation))
                    return;
            }
            catch (LogUnavailableException exception)
                when (exception.InnerException
                    is not (RedisRefusedException or NewConnectionException))
            {
                // No answer says nothing: the same connection may give the next one.
            }
            await Task.Delay(AgainAfter, time, cancellation);
        }
    }

    /// <summary>
    /// Whether enough replicas have what was written on the connection before; waits a little.
    /// </summary>
    /// <exception cref="LogUnavailableException">
    /// Redis does not answer; or, caused by <see cref="NewConnectionException"/>, the connection is
    /// another one: it cannot be known any more.
    /// </exception>
    public async ValueTask<bool> HaveAsync(
        RedisConnectionMark connection, CancellationToken cancellation)
    {
        if (connection.IsKnown)
        {
            var answer = await JoinAsync().WaitAsync(cancellation);
            if (answer.Connection == connection)
                return answer.Replicas >= options.WaitReplicas;
        }
        throw new LogUnavailableException(
            "The connection to Redis was lost before replicas had the trades.",
            new NewConnectionException());
    }

    private Task<Answer> JoinAsync()
    {
        lock (_gate)
            return _next ??= RunAfterAsync(_running);
    }

    private async Task<Answer> RunAfterAsync(Task before)
    {
        await before.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
        {
            _running = _next!;
            _next = null;
        }
        return await link.CallAsync(async database =>
        {
            var replicas = AskAsync(database, "WAIT", options.WaitReplicas, _waitMs);
            var connection = MarkAsync(database);
            await Task.WhenAll(replicas, connection);
            return new Answer(await connection, (long)await replicas);
        });
    }

    // At a time one only: a name that changes looks like a new connection.
    private Task NameAsync()
    {
        lock (_gate)
        {
            if (_naming is null or { IsCompleted: true, IsCompletedSuccessfully: false })
                _naming = SetNameAsync();
            return _naming;
        }
    }

    private async Task SetNameAsync() => _ = await link.CallAsync(
        database => AskAsync(database, "CLIENT", "SETNAME", RedisConnectionMark.NewName()));

    private void Forget(Task naming)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_naming, naming))
                _naming = null;
        }
    }

    private static async Task<RedisConnectionMark> MarkAsync(IDatabase database) =>
        new((string?)await AskAsync(database, "CLIENT", "GETNAME"));

    // Of the primary's connection, also where the library knows replicas.
    private static Task<RedisResult> AskAsync(
        IDatabase database, string command, params object[] arguments) =>
        database.ExecuteAsync(command, arguments, CommandFlags.DemandMaster);

    private readonly record struct Answer(RedisConnectionMark Connection, long Replicas);
}
