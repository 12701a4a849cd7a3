using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Peers;

/// <summary>ClickHouse with a MergeTree table that has a trade's columns; it calls no fsync.</summary>
internal static class ClickHouse
{
    private const string Table =
        """
        CREATE TABLE trades (userId String, currencyFrom String, currencyTo String,
          amountSell Float64, amountBuy Float64, rate Float64, timePlaced String,
          originatingCountry String, day Date DEFAULT today())
        ENGINE = MergeTree PARTITION BY day ORDER BY (currencyFrom, currencyTo, originatingCountry)
        """;

    private const string Users =
        """
        <yandex>
          <profiles><default/></profiles>
          <users><default>
            <password></password>
            <networks><ip>127.0.0.1</ip></networks>
            <profile>default</profile><quota>default</quota>
          </default></users>
          <quotas><default/></quotas>
        </yandex>
        """;

    /// <exception cref="UnavailableException">It cannot be had.</exception>
    public static async Task<Peer> StartAsync(string path)
    {
        var program = DebianPackage.Require("clickhouse-server", "clickhouse-server");
        var directory = new TemporaryDirectory(path, "clickhouse");
        var (http, tcp) = (Loopback.FreePort(), Loopback.FreePort());
        var users = directory.Write("users.xml", Users);
        var config = directory.Write("config.xml",
            $"""
            <yandex>
              <logger><level>error</level><console>1</console></logger>
              <http_port>{http}</http_port><tcp_port>{tcp}</tcp_port>
              <listen_host>127.0.0.1</listen_host>
              <path>{directory.Path}/data/</path><tmp_path>{directory.Path}/tmp/</tmp_path>
              <users_config>{users}</users_config>
              <default_profile>default</default_profile>
              <default_database>default</default_database>
              <mark_cache_size>1073741824</mark_cache_size>
            </yandex>
            """);
        var root = new Uri($"http://127.0.0.1:{http}/");
        var peer = new Peer(
            "ClickHouse",
            ChildProcess.OnCore(Cores.Server, program, $"--config-file={config}"),
            directory,
            new Uri(root, "?query=INSERT%20INTO%20trades%20FORMAT%20JSONEachRow"));
        try
        {
            await peer.PrepareAsync(new Uri(root, "ping"), (root, Table));
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }
}
