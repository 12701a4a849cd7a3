using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Servers;

/// <summary>
/// nginx that answers 202 to everything, on the server's processor. Each worker is a process of
/// its own without a master, so that it ends with the run and its processor time can be read.
/// </summary>
internal sealed class NginxServer : IDisposable
{
    // More connections than files: with few left it closes those that have not sent a request yet.
    private const string Configuration =
        """
        daemon off;
        master_process off;
        error_log stderr crit;
        pid nginx.pid;
        worker_rlimit_nofile 20000;
        events { worker_connections 40000; multi_accept on; }
        http {
          access_log off;
          keepalive_requests 1000000000;
          keepalive_timeout 600s;
          client_max_body_size 16m;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          server {
            listen 127.0.0.1:PORT backlog=65535 reuseport;
            location / { return 202; }
          }
        }
        """;

    private readonly TemporaryDirectory _directory;

    /// <exception cref="UnavailableException">nginx cannot be had.</exception>
    /// <param name="workers">The kernel spreads connections over them; each may have 20,000 files.
    /// </param>
    public NginxServer(string path, int workers = 1)
    {
        var nginx = DebianPackage.Require("nginx", "nginx-light");
        _directory = new TemporaryDirectory(path, "nginx");
        var port = Loopback.FreePort();
        Trades = new Uri($"http://127.0.0.1:{port}/trades");
        var file = _directory.Write(
            "nginx.conf", Configuration.Replace("PORT", $"{port}", StringComparison.Ordinal));
        Processes = [.. Enumerable.Range(0, workers).Select(_ => ChildProcess.OnCore(
            Cores.Server, nginx, "-p", _directory.Path, "-e", "stderr", "-c", file))];
    }

    public Uri Trades { get; }

    public IReadOnlyList<ChildProcess> Processes { get; }

    /// <summary>The only one.</summary>
    public ChildProcess Process => Processes.Single();

    public void Dispose()
    {
        foreach (var process in Processes)
            process.Dispose();
        _directory.Dispose();
    }
}
