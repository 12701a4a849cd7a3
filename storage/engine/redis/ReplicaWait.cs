using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Waits until replicas have what was written. <c>WAIT</c> speaks of one connection only and holds
/// up all that is behind it there, so there is one at a time: writes of all shards that come while
/// it runs share the next one.
/// </summary>
internal sealed class ReplicaWait(RedisLink link, RedisOptions options)
{
    // Well below the limit of a call, also for the calls that have to wait behind it.
    private readonly int _waitMs =
        (int)Math.Min(100, options.CallLimit.TotalMilliseconds / 4);

    private readonly Lock _gate = new();
    private Task<Answer> _running = Task.FromResult(default(Answer));
    private Task<Answer>? _next;

    /// <summary>Writes, and says on which connection.</summary>
    /// <exception cref="LogUnavailableException"/>
    public ValueTask<(RedisConnectionMark Connection, T Written)> WriteAsync<T>(
        Func<IDatabase, Task<T>> write, CancellationToken cancellation) =>
        link.CallAsync(
            async database =>
            {
                var id = database.ExecuteAsync("CLIENT", "ID");
                var written = write(database);
                await Task.WhenAll(id, written);
                return (new RedisConnectionMark(database.Multiplexer, (long)await id),
                    await written);
            },
            cancellation);

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
        var answer = await JoinAsync().WaitAsync(cancellation);
        return answer.Connection == connection
            ? answer.Replicas >= options.WaitReplicas
            : throw new LogUnavailableException(
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
            var replicas = database.ExecuteAsync("WAIT", options.WaitReplicas, _waitMs);
            var id = database.ExecuteAsync("CLIENT", "ID");
            await Task.WhenAll(replicas, id);
            return new Answer(
                new RedisConnectionMark(database.Multiplexer, (long)await id),
                (long)await replicas);
        });
    }

    private readonly record struct Answer(RedisConnectionMark Connection, long Replicas);
}

/// <summary>One connection to Redis; the library makes new ones by itself.</summary>
internal readonly record struct RedisConnectionMark(object Multiplexer, long ClientId);

/// <summary>What was written on the connection before may not have reached the replicas.</summary>
internal sealed class NewConnectionException() : Exception("The connection is a new one.");
