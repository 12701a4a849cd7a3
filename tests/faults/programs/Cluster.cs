using System.Globalization;

namespace TradeProcessor.Tests.Faults.Programs;

/// <summary>How a cluster is set up.</summary>
internal sealed record ClusterSettings
{
    public int Consumers { get; init; } = 1;
    public int Workers { get; init; } = 2;
    public int Shards { get; init; } = 4;

    /// <summary>Short, so that shards of a dead worker move within a test.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan DrainNotice { get; init; }

    /// <summary>
    /// Of consumers: null for their own, which a disk shared with others may well exceed.
    /// </summary>
    public TimeSpan? StallLimit { get; init; }

    /// <summary>Whether the programs reach Redis through a <see cref="FaultProxy"/>.</summary>
    public bool ThroughProxy { get; init; }

    public string[] Redis { get; init; } = RedisProcess.Durable;

    /// <summary>Where Redis keeps its data; null for a directory of its own.</summary>
    public string? RedisDirectory { get; init; }

    /// <summary>Where the programs find Redis, in place of the one that the cluster starts.</summary>
    public string? RedisConfiguration { get; init; }

    /// <summary>The worker in another build.</summary>
    public string? WorkerAssembly { get; init; }
}

/// <summary>The distributed set-up as processes of their own on free ports of the loopback.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly ClusterSettings _settings;
    private readonly string _configuration;

    private Cluster(ClusterSettings settings, RedisProcess? redis)
    {
        _settings = settings;
        RedisOrNull = redis;
        Proxy = settings.ThroughProxy ? new FaultProxy(Redis.Port) : null;
        _configuration = settings.RedisConfiguration
            ?? $"127.0.0.1:{Proxy?.Port ?? Redis.Port}";
        Storage = Make("storage", "storage/api", "TradeProcessor.Storage.Api");
        Frontend = Make("frontend", "frontend", "TradeProcessor.Frontend");
        Workers = [.. Enumerable.Range(1, settings.Workers).Select(MakeWorker)];
        Consumers = [.. Enumerable.Range(1, settings.Consumers).Select(i => Make(
            $"consumer{i}", "consumer", "TradeProcessor.Consumer",
            ["--Intake:DrainNotice", Text(settings.DrainNotice), .. Stall(settings)]))];
    }

    public RedisProcess Redis =>
        RedisOrNull ?? throw new InvalidOperationException("The cluster was given its Redis.");

    private RedisProcess? RedisOrNull { get; }

    /// <summary>Between the programs and Redis, where there is one.</summary>
    public FaultProxy? Proxy { get; }

    public List<Member> Consumers { get; }
    public List<Member> Workers { get; }
    public Member Storage { get; }
    public Member Frontend { get; }

    /// <summary>Where the tests themselves find Redis: never through the proxy.</summary>
    public string RedisForTests => _settings.RedisConfiguration ?? Redis.Address;

    public int Shards => _settings.Shards;

    public IEnumerable<Member> Members => [Storage, Frontend, .. Workers, .. Consumers];

    public static async Task<Cluster> StartAsync(ClusterSettings settings)
    {
        var redis = settings.RedisConfiguration is null
            ? await RedisProcess.StartInAsync(settings.RedisDirectory, settings.Redis)
            : null;
        var cluster = new Cluster(settings, redis);
        try
        {
            await Task.WhenAll(cluster.Members.Select(member => member.StartAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether all programs that run say that they can do their work.</summary>
    public async Task<bool> IsReadyAsync()
    {
        var running = Members.Where(member => member.IsRunning);
        return (await Task.WhenAll(running.Select(x => x.Process.IsReadyAsync()))).All(x => x);
    }

    /// <summary>One more worker; it is not started yet.</summary>
    public Member AddWorker()
    {
        var worker = MakeWorker(Workers.Count + 1);
        Workers.Add(worker);
        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
            await member.DisposeAsync();
        if (Proxy is not null)
            await Proxy.DisposeAsync();
        if (RedisOrNull is not null)
            await RedisOrNull.DisposeAsync();
    }

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);

    private static string[] Stall(ClusterSettings settings) =>
        settings.StallLimit is { } limit ? ["--Intake:StallLimit", Text(limit)] : [];

    private Member MakeWorker(int number) => _settings.WorkerAssembly is { } assembly
        ? new Member($"worker{number}", assembly, Arguments())
        : Make($"worker{number}", "worker", "TradeProcessor.Worker");

    private Member Make(string name, string project, string assembly, params string[] more) =>
        new(name, Repository.Program(project, assembly), [.. Arguments(), .. more]);

    private string[] Arguments() =>
    [
        "--Redis:Configuration", _configuration,
        "--Redis:Shards", _settings.Shards.ToString(CultureInfo.InvariantCulture),
        "--Redis:LeaseTime", Text(_settings.LeaseTime),
    ];
}
