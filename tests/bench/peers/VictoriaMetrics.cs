using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Peers;

/// <summary>VictoriaMetrics, taking InfluxDB's line protocol; strings are not kept.</summary>
internal static class VictoriaMetrics
{
    /// <exception cref="UnavailableException">It cannot be had.</exception>
    public static async Task<Peer> StartAsync(string path)
    {
        var program = DebianPackage.Require("victoria-metrics", "victoria-metrics");
        var directory = new TemporaryDirectory(path, "victoria-metrics");
        var root = new Uri($"http://127.0.0.1:{Loopback.FreePort()}/");
        var peer = new Peer(
            "VictoriaMetrics",
            ChildProcess.OnCore(
                Cores.Server,
                program,
                $"-storageDataPath={directory.Path}/data",
                $"-httpListenAddr={root.Authority}",
                "-loggerLevel=ERROR"),
            directory,
            new Uri(root, "write"));
        try
        {
            await peer.PrepareAsync(new Uri(root, "health"));
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }
}
