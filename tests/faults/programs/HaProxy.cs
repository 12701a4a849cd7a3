using System.Globalization;

namespace TradeProcessor.Tests.Faults.Programs;

/// <summary>A real HAProxy with the configuration of ops.</summary>
internal sealed class HaProxy : IAsyncDisposable
{
    private readonly ChildProcess _process;

    /// <summary>Before a cluster of two consumers.</summary>
    public HaProxy(Cluster cluster)
        : this(
            [cluster.Consumers[0].Address, cluster.Consumers[1].Address],
            cluster.Storage.Address,
            cluster.Frontend.Address)
    {
    }

    /// <param name="limits">Further variables of the configuration.</param>
    public HaProxy(
        Uri[] consumers, Uri storage, Uri frontend, params KeyValuePair<string, string>[] limits)
    {
        var port = Ports.Free();
        Address = new Uri($"http://127.0.0.1:{port}");
        Dictionary<string, string> environment = new(limits)
        {
            ["LISTEN"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
            ["CONSUMER_1"] = consumers[0].Authority,
            ["CONSUMER_2"] = consumers[1].Authority,
            ["STORAGE_1"] = storage.Authority,
            ["FRONTEND_1"] = frontend.Authority,
        };
        _process = new ChildProcess(
            "haproxy", ["-q", "-f", Path.Combine(Repository.Root, "ops", "haproxy.cfg")], environment);
    }

    public Uri Address { get; }

    public string Output => _process.Output;

    /// <summary>Waits until each kind of server answers through it.</summary>
    public async Task UntilServedAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        foreach (var path in (string[])["/trades", "/api/summary", "/health/live"])
        {
            _ = await Eventually.TrueAsync(
                $"HAProxy serves {path}", TimeSpan.FromSeconds(10), () => IsServedAsync(client, path));
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<bool> IsServedAsync(HttpClient client, string path)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            return (int)answer.StatusCode < 500;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
