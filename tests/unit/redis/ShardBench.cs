using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine;
using TradeProcessor.Storage.Engine.Redis;
using TradeProcessor.Worker;

namespace TradeProcessor.Tests.Unit.Redis;

/// <summary>A Redis with its back end; pushes frames, takes leases and counts.</summary>
internal sealed class ShardBench : IAsyncDisposable
{
    public static readonly CellRetention Forever = new(
        TimeSpan.FromDays(36500), TimeSpan.FromDays(36500), TimeSpan.FromDays(36500),
        TimeSpan.FromDays(36500));

    private readonly ServiceProvider _provider =
        new ServiceCollection().AddMetrics().BuildServiceProvider();
    private int _workers;

    private ShardBench(RedisServer server, RedisBackEnd backEnd)
    {
        Server = server;
        BackEnd = backEnd;
    }

    public RedisServer Server { get; }

    public RedisBackEnd BackEnd { get; }

    public static async Task<ShardBench> StartAsync(Action<RedisOptions>? configure = null)
    {
        var server = await RedisServer.StartAsync();
        var options = server.Options(shards: 1);
        configure?.Invoke(options);
        return new ShardBench(server, await server.OpenAsync(options));
    }

    public async ValueTask DisposeAsync()
    {
        await BackEnd.DisposeAsync();
        await Server.DisposeAsync();
        await _provider.DisposeAsync();
    }

    public ValueTask<T> CallAsync<T>(Func<IDatabase, Task<T>> call) => BackEnd.Link.CallAsync(call);

    public ValueTask<long> PushAsync(int shard, byte[] element) =>
        CallAsync(database => database.ListRightPushAsync(RedisKeys.Log(shard), element));

    /// <summary>Null where another worker has the shard.</summary>
    public async Task<RedisShardLease?> TryTakeAsync(
        int shard = 0, CellRetention? retention = null, TimeProvider? time = null)
    {
        var worker = $"test/{Interlocked.Increment(ref _workers)}";
        var taken = await LeaseScripts.Take.EvaluateAsync(
            BackEnd.Link,
            [
                RedisKeys.Lease(shard),
                RedisKeys.Fence(shard),
                RedisKeys.State(shard),
                RedisKeys.Marks(shard),
            ],
            [worker, CommitScript.Text((long)BackEnd.Options.LeaseTime.TotalMilliseconds)]);
        return taken.IsNull ? null : new RedisShardLease(
            BackEnd, shard, worker, taken, retention ?? Forever, time ?? TimeProvider.System,
            static _ => { });
    }

    public async Task<RedisShardLease> TakeAsync(
        int shard = 0, CellRetention? retention = null, TimeProvider? time = null) =>
        (await TryTakeAsync(shard, retention, time))!;

    public WorkerMetrics Metrics() => new(
        _provider.GetRequiredService<IMeterFactory>(), new Api.FakeStore());

    public ShardWorker Worker(IShardLease lease) => new(
        lease, new LocalLiveFeed(), Metrics(), new WorkerOptions(), TimeProvider.System,
        NullLogger.Instance);

    /// <summary>Counts all that is in the log.</summary>
    public static async Task CountAsync(ShardWorker worker)
    {
        while (!await worker.PassAsync(TestContext.Current.CancellationToken))
        {
        }
    }

    /// <summary>All keys and what they hold, but for leases.</summary>
    public async Task<SortedDictionary<string, string>> DumpAsync()
    {
        var keys = await CallAsync(database => database.ExecuteAsync("KEYS", "tp:*"));
        var dump = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in ((RedisValue[])keys!).Select(key => (string)key!))
        {
            if (!key.EndsWith(":lease", StringComparison.Ordinal))
            {
                var bytes = await CallAsync(database => database.KeyDumpAsync(key));
                dump[key] = Convert.ToHexString(bytes ?? []);
            }
        }
        return dump;
    }
}
