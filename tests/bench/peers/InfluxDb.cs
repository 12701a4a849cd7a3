using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Peers;

/// <summary>InfluxDB 1.x with one database and its default settings.</summary>
internal static class InfluxDb
{
    /// <exception cref="UnavailableException">It cannot be had.</exception>
    public static async Task<Peer> StartAsync(string path)
    {
        var program = DebianPackage.Require("influxd", "influxdb");
        var directory = new TemporaryDirectory(path, "influxdb");
        var (http, own) = (Loopback.FreePort(), Loopback.FreePort());
        var config = directory.Write("influxdb.conf",
            $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{own}"
            [meta]
              dir = "{directory.Path}/meta"
            [data]
              dir = "{directory.Path}/data"
              wal-dir = "{directory.Path}/wal"
            [monitor]
              store-enabled = false
            [logging]
              level = "error"
            [http]
              bind-address = "127.0.0.1:{http}"
              log-enabled = false
            """);
        var root = new Uri($"http://127.0.0.1:{http}/");
        var peer = new Peer(
            "InfluxDB",
            ChildProcess.OnCore(Cores.Server, program, "run", "-config", config),
            directory,
            new Uri(root, "write?db=trades"));
        try
        {
            await peer.PrepareAsync(
                new Uri(root, "ping"), (new Uri(root, "query?q=CREATE%20DATABASE%20trades"), ""));
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }
}
