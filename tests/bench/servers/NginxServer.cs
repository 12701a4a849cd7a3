using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Servers;

/// <summary>nginx with one worker that answers 202 to everything, on the server's processor.</summary>
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
            listen 127.0.0.1:PORT backlog=65535;
            location / { return 202; }
          }
        }
        """;

    private readonly TemporaryDirectory _directory;

    /// <exception cref="UnavailableException">nginx cannot be had.</exception>
    public NginxServer(string path)
    {
        var nginx = DebianPackage.Require("nginx", "nginx-light");
        _directory = new TemporaryDirectory(path, "nginx");
        var port = Loopback.FreePort();
        Trades = new Uri($"http://127.0.0.1:{port}/trades");
        var file = _directory.Write(
            "nginx.conf", Configuration.Replace("PORT", $"{port}", StringComparison.Ordinal));
        Process = ChildProcess.OnCore(
            Cores.Server, nginx, "-p", _directory.Path, "-e", "stderr", "-c", file);
    }

    public Uri Trades { get; }

    public ChildProcess Process { get; }

    public void Dispose()
    {
        Process.Dispose();
        _directory.Dispose();
    }
}
