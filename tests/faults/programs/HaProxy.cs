using System.Globalization;

namespace TradeProcessor.Tests.Faults.Programs;

/// <summary>A real HAProxy with the configuration of ops, before a cluster.</summary>
internal sealed class HaProxy : IAsyncDisposable
{
    private readonly ChildProcess _process;

    public HaProxy(Cluster cluster)
    {
        var port = Ports.Free();
        Address = new Uri($"http://127.0.0.1:{port}");
        Dictionary<string, string> environment = new()
        {
            ["LISTEN"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
            ["CONSUMER_1"] = cluster.Consumers[0].Address.Authority,
            ["CONSUMER_2"] = cluster.Consumers[1].Address.Authority,
            ["STORAGE_1"] = cluster.Storage.Address.Authority,
            ["FRONTEND_1"] = cluster.Frontend.Address.Authority,
        };
        _process = new ChildProcess(
            "haproxy", ["-q", "-f", Path.Combine(Repository.Root, "ops", "haproxy.cfg")], environment);
    }

    public Uri Address { get; }

    public string Output => _process.Output;

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
