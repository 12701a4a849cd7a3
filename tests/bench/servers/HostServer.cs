using System.Globalization;
using System.Text.Json;
using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Servers;

/// <summary>The host, with files in a directory of its own.</summary>
internal sealed class HostServer : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CountLimit = TimeSpan.FromSeconds(60);

    // One request at a time.
    private const int OwnConnections = 1;

    private readonly TemporaryDirectory _directory;
    private readonly HttpClient _client;

    private HostServer(string path, HostVariant variant, bool pinned)
    {
        var assembly = Repository.BuildHost();
        _directory = new TemporaryDirectory(path, "host");
        _client = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{Loopback.FreePort()}"),
        };
        string[] arguments =
        [
            assembly,
            "--urls", Address.OriginalString,
            "--Storage:Path", _directory.Path,
            // So little that the disk does not fill.
            "--Storage:RetainBytes", (1L << 30).ToString(CultureInfo.InvariantCulture),
            "--Storage:SegmentBytes", (64 << 20).ToString(CultureInfo.InvariantCulture),
            // A disk that stalls is in the latencies, and no 503 ends the run.
            "--Intake:StallLimit", "00:01:00",
            .. variant.Arguments,
        ];
        Process = pinned
            ? ChildProcess.OnCore(Cores.Server, "dotnet", arguments)
            : new ChildProcess("dotnet", arguments);
    }

    public Uri Address => _client.BaseAddress!;

    public Uri Trades => new(Address, "trades");

    public ChildProcess Process { get; }

    /// <param name="path">Directory on the disk to measure.</param>
    /// <param name="pinned">To the server's processor.</param>
    /// <exception cref="UnavailableException">It does not start with these arguments.</exception>
    public static async Task<HostServer> StartAsync(
        string path, HostVariant variant, bool pinned = true)
    {
        var server = new HostServer(path, variant, pinned);
        try
        {
            await Loopback.WaitUntilReadyAsync(server._client, server.Process, StartLimit);
            return server;
        }
        catch (Exception exception)
        {
            server.Dispose();
            throw exception is InvalidOperationException
                ? new UnavailableException(exception.Message)
                : exception;
        }
    }

    /// <summary>Trades that it says it has acknowledged.</summary>
    public Task<long> AcceptedAsync() => MetricAsync("trades_accepted_total");

    /// <summary>
    /// Waits until nobody else is connected: the requests of connections that were cut have ended
    /// then, too.
    /// </summary>
    public async Task UntilAloneAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Interruption.Token);
        limit.CancelAfter(CountLimit);
        while (await MetricAsync("connections_open") > OwnConnections)
            await Task.Delay(2, limit.Token);
    }

    /// <summary>
    /// Waits until the storage API has counted all that was acknowledged, and that grows no more.
    /// More may be counted: a request that was told 503 because the disk took too long may be in
    /// the log all the same.
    /// </summary>
    /// <returns>How many were acknowledged.</returns>
    public async Task<long> SettleAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Interruption.Token);
        limit.CancelAfter(CountLimit);
        while (true)
        {
            var accepted = await AcceptedAsync();
            if (await CountedAsync() >= accepted && await AcceptedAsync() == accepted)
                return accepted;
            await Task.Delay(2, limit.Token);
        }
    }

    private async Task<long> MetricAsync(string name)
    {
        var metrics = await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return metrics.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Sum(line => long.Parse(
                line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        Process.Dispose();
        _client.Dispose();
        _directory.Dispose();
    }

    /// <summary>Trades that the storage API has counted.</summary>
    public async Task<long> CountedAsync()
    {
        using var summary = JsonDocument.Parse(
            await _client.GetStringAsync(new Uri("/api/summary", UriKind.Relative)));
        return summary.RootElement.GetProperty("aggregated").GetInt64();
    }
}
