using System.Diagnostics;

namespace TradeProcessor.Tests.Faults.Programs;

/// <summary>A program's place in a cluster: it keeps its address and settings over restarts.</summary>
internal sealed class Member(string name, string assembly, string[] arguments) : IAsyncDisposable
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(20);

    private ServiceProcess? _process;

    public string Name => name;

    public Uri Address { get; } = new($"http://127.0.0.1:{Ports.Free()}");

    /// <summary>The running one, or the last one that ran.</summary>
    public ServiceProcess Process =>
        _process ?? throw new InvalidOperationException($"{name} was not started.");

    public HttpClient Client => Process.Client;

    public bool IsRunning => _process is { HasExited: false };

    public async Task LaunchAsync(params KeyValuePair<string, string>[] environment)
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = new ServiceProcess(assembly, Address, arguments, environment);
    }

    /// <summary>Starts it, also again, and waits until it is ready.</summary>
    public async Task StartAsync(params KeyValuePair<string, string>[] environment)
    {
        await LaunchAsync(environment);
        await Process.UntilReadyAsync();
    }

    public async Task KillAsync()
    {
        Process.Kill();
        _ = await Process.WaitForExitAsync(DrainLimit);
    }

    /// <summary>SIGTERM; it must drain and exit with 0.</summary>
    public async Task StopAsync()
    {
        var started = Stopwatch.StartNew();
        Process.Terminate();
        var exitCode = await Process.WaitForExitAsync(DrainLimit);
        Assert.True(
            exitCode == 0,
            $"{name} ended with {exitCode} after {started.Elapsed.TotalSeconds:0.0} s: {Process.Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }
}
