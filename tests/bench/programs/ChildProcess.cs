using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TradeProcessor.Bench.Programs;

/// <summary>A program as a process of its own. Killed where it still runs at the end.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int Sigterm = 15;

    private readonly Process _process;
    private readonly Task<string> _output;
    private string _lastError = "";

    public ChildProcess(string command, params IEnumerable<string> arguments)
    {
        _process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.ErrorDataReceived += (_, line) => _lastError = line.Data ?? _lastError;
        _process.BeginErrorReadLine();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Processor time that it has used so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public bool HasEnded => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The newest line of its error output.</summary>
    public string LastError => _lastError;

    /// <summary>What it wrote to its output, once it has ended by itself or by the signal.</summary>
    /// <exception cref="TimeoutException">It has not ended in time.</exception>
    public async Task<string> EndAsync(TimeSpan limit)
    {
        await _process.WaitForExitAsync().WaitAsync(limit);
        return await _output;
    }

    /// <summary>Asks it to end, as Ctrl-C would.</summary>
    public void Terminate() => _ = Signal(_process.Id, Sigterm);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
