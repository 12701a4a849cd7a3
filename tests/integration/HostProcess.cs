using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace TradeProcessor.Tests.Integration;

/// <summary>The real host as a process of its own, on a free port of the loopback.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private const int Sigkill = 9;
    private const int Sigterm = 15;
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private HostProcess(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public int Id => _process.Id;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>
    /// Starts it and waits until it takes trades. A <c>--urls</c> among the arguments takes the
    /// place of the free port.
    /// </summary>
    public static async Task<HostProcess> StartAsync(string directory, params string[] arguments)
    {
        var host = Launch(directory, arguments);
        var started = Stopwatch.StartNew();
        while (true)
        {
            if (host._process.HasExited)
                throw new InvalidOperationException($"The host ended: {host.Output}");
            if (started.Elapsed > StartLimit)
                throw new TimeoutException($"The host is not ready: {host.Output}");
            try
            {
                using var ready = await host.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (ready.IsSuccessStatusCode)
                    return host;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(20);
        }
    }

    /// <summary>Starts it, for a start that is to fail; returns exit code and output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string directory, params string[] arguments)
    {
        await using var host = Launch(directory, arguments);
        return (await host.WaitForExitAsync(StartLimit), host.Output);
    }

    public void Kill() => Signal(Sigkill);

    public void Terminate() => Signal(Sigterm);

    /// <summary>Not a thread of it runs until <see cref="Thaw"/>; its connections stay.</summary>
    public void Freeze() => Signal(Sigstop);

    public void Thaw() => Signal(Sigcont);

    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(timeout.Token);
        _process.WaitForExit(); // the output's end
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            Kill();
            _ = await WaitForExitAsync(StartLimit);
        }
        _process.Dispose();
    }

    private static HostProcess Launch(string directory, string[] arguments)
    {
        var urls = Array.IndexOf(arguments, "--urls");
        var address = new Uri(urls < 0 ? $"http://127.0.0.1:{FreePort()}" : arguments[urls + 1]);
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "TradeProcessor.Host.dll"));
        foreach (var argument in (string[])[.. arguments,
            "--urls", address.OriginalString, "--Storage:Path", directory])
        {
            start.ArgumentList.Add(argument);
        }
        var process = new Process { StartInfo = start };
        var host = new HostProcess(process, address);
        process.OutputDataReceived += host.Keep;
        process.ErrorDataReceived += host.Keep;
        _ = process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return host;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _ = _output.AppendLine(line.Data);
    }

    private void Signal(int signal) => Assert.Equal(0, SendSignal(_process.Id, signal));

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
