using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace TradeProcessor.Tests.Support;

/// <summary>A process that a test has started, and ends.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Sigkill = 9;
    private const int Sigusr1 = 10;
    private const int Sigterm = 15;
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    public ChildProcess(
        string command,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _ = _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>All that it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Memory that it really has, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{Id}/status")
                .First(each => each.StartsWith("VmRSS:", StringComparison.Ordinal));
            var kibibytes = line["VmRSS:".Length..^"kB".Length].Trim();
            return long.Parse(kibibytes, CultureInfo.InvariantCulture) << 10;
        }
    }

    public void Kill() => Signal(Sigkill);

    public void Terminate() => Signal(Sigterm);

    /// <summary>SIGUSR1: HAProxy closes its sockets and ends with its last connection.</summary>
    public void StopSoftly() => Signal(Sigusr1);

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

    public async Task KillAsync()
    {
        if (!_process.HasExited)
            Kill();
        _ = await WaitForExitAsync(EndLimit);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _ = _output.AppendLine(line.Data);
    }

    private void Signal(int signal)
    {
        if (SendSignal(_process.Id, signal) != 0)
            throw new InvalidOperationException($"Process {Id} takes no signal: {Output}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
