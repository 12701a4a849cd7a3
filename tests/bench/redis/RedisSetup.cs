using System.Globalization;
using System.Text.Json;
using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Redis;

/// <summary>redis-server, a consumer, workers and a storage API as processes of their own.</summary>
internal sealed class RedisSetup : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory;
    private readonly List<HttpClient> _clients = [];

    private readonly int _shards;

    private RedisSetup(string path, string appendFsync, int shards, int workers, int consumers)
    {
        _shards = shards;
        _directory = Directory.CreateDirectory(
            Path.Combine(Path.GetFullPath(path), $"redis-{Environment.ProcessId}-{RedisPort}"));
        Redis = new ChildProcess(
            "redis-server",
            "--port", RedisPort.ToString(CultureInfo.InvariantCulture),
            "--bind", "127.0.0.1",
            "--dir", _directory.FullName,
            "--save", "",
            "--appendonly", "yes",
            "--appendfsync", appendFsync);
        var (consumer, worker, storage) = Repository.BuildPrograms();
        Storage = Start(storage, Loopback.FreePort());
        var port = Loopback.FreePort();
        Consumers = [.. Enumerable.Range(0, consumers).Select(_ => Start(
            consumer, port, "--Connections:ReusePort", consumers > 1 ? "true" : "false"))];
        Workers = [.. Enumerable.Range(0, workers).Select(_ => Start(worker, Loopback.FreePort()))];
    }

    public int RedisPort { get; } = Loopback.FreePort();

    public ChildProcess Redis { get; }

    public ChildProcess Storage { get; }

    /// <summary>All on one port.</summary>
    public IReadOnlyList<ChildProcess> Consumers { get; }

    public IReadOnlyList<ChildProcess> Workers { get; }

    public Uri StorageUrl => _clients[0].BaseAddress!;

    public Uri ConsumerUrl => _clients[1].BaseAddress!;

    public IEnumerable<(string Name, ChildProcess Process)> Processes =>
    [
        ("redis-server", Redis),
        .. Numbered("consumer", Consumers),
        .. Numbered("worker", Workers),
        ("storage API", Storage),
    ];

    public static async Task<RedisSetup> StartAsync(
        string path, string appendFsync, int shards, int workers, int consumers = 1)
    {
        var setup = new RedisSetup(path, appendFsync, shards, workers, consumers);
        try
        {
            foreach (var (client, process) in setup._clients.Zip(
                (ChildProcess[])[setup.Storage, .. setup.Consumers, .. setup.Workers]))
            {
                await Loopback.WaitUntilReadyAsync(client, process, StartLimit);
            }
            return setup;
        }
        catch
        {
            setup.Dispose();
            throw;
        }
    }

    /// <summary>Trades that the storage API says are counted.</summary>
    public async Task<long> CountedAsync()
    {
        using var summary = JsonDocument.Parse(
            await _clients[0].GetStringAsync(new Uri("/api/summary", UriKind.Relative)));
        return summary.RootElement.GetProperty("aggregated").GetInt64();
    }

    /// <summary>A figure of each worker.</summary>
    public async Task<long[]> OfWorkersAsync(string metric)
    {
        var metrics = await Task.WhenAll(_clients.Skip(1 + Consumers.Count).Select(
            client => client.GetStringAsync(new Uri("/metrics", UriKind.Relative))));
        return [.. metrics.Select(text => text.Split('\n')
            .Where(line => line.StartsWith(metric + " ", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.AsSpan(metric.Length + 1), CultureInfo.InvariantCulture)))];
    }

    public void Dispose()
    {
        foreach (var consumer in Consumers)
            consumer.Dispose();
        foreach (var worker in Workers)
            worker.Dispose();
        Storage.Dispose();
        Redis.Dispose();
        foreach (var client in _clients)
            client.Dispose();
        _directory.Delete(recursive: true);
    }

    private static IEnumerable<(string Name, ChildProcess Process)> Numbered(
        string name, IReadOnlyList<ChildProcess> processes) =>
        processes.Select((process, i) => (processes.Count == 1 ? name : $"{name} {i + 1}", process));

    private ChildProcess Start(string assembly, int port, params string[] more)
    {
        var client = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        };
        _clients.Add(client);
        return new ChildProcess(
            "dotnet",
            [
                assembly,
                "--urls", client.BaseAddress.OriginalString,
                "--Redis:Configuration", $"127.0.0.1:{RedisPort}",
                "--Redis:Shards", _shards.ToString(CultureInfo.InvariantCulture),
                .. more,
            ]);
    }
}
