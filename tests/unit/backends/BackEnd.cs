using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TradeProcessor.Contracts;
using TradeProcessor.Worker;

namespace TradeProcessor.Tests.Unit.BackEnds;

/// <summary>All parts of a back end, registered as in a program, and a worker on them.</summary>
internal sealed class BackEnd : IAsyncDisposable
{
    private static readonly CellRetention Forever = new(
        TimeSpan.FromDays(36500), TimeSpan.FromDays(36500), TimeSpan.FromDays(36500),
        TimeSpan.FromDays(36500));

    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _hosted;

    private BackEnd(ServiceProvider services)
    {
        _services = services;
        _hosted = [.. services.GetServices<IHostedService>()];
    }

    public ITradeLog Log => Get<ITradeLog>();
    public IShardLeases Leases => Get<IShardLeases>();
    public ITradeStore Store => Get<ITradeStore>();
    public IRejectLog Rejects => Get<IRejectLog>();
    public ILiveFeed Feed => Get<ILiveFeed>();
    public IOnceLog Once => Get<IOnceLog>();
    public IDeadLetters DeadLetters => Get<IDeadLetters>();

    public static async Task<BackEnd> OpenAsync(
        Action<IServiceCollection> add, IReadOnlyDictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(Forever)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddMetrics();
        add(services);
        var backEnd = new BackEnd(services.BuildServiceProvider());
        foreach (var hosted in backEnd._hosted)
            await hosted.StartAsync(CancellationToken.None);
        return backEnd;
    }

    /// <summary>Takes all shards.</summary>
    public async Task<List<IShardLease>> TakeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var leases = new List<IShardLease>();
        while (leases.Count < Log.ShardCount)
            leases.Add(await Leases.AcquireAsync(limit.Token));
        return leases;
    }

    public ShardWorker Worker(IShardLease lease, int maxCells = 1_000) => new(
        lease,
        Feed,
        new WorkerMetrics(Get<IMeterFactory>(), Store),
        new WorkerOptions { MaxCellsPerInterval = maxCells },
        TimeProvider.System,
        NullLogger.Instance);

    /// <summary>Takes all shards, counts all that is in the log, and gives the shards back.</summary>
    public async Task CountAsync()
    {
        foreach (var lease in await TakeAsync())
        {
            await using (lease)
            {
                var worker = Worker(lease);
                while (!await worker.PassAsync(CancellationToken.None))
                {
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in Enumerable.Reverse(_hosted))
            await hosted.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    private T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
