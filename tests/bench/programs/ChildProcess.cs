using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TradeProcessor.Bench.Programs;

/// <summary>A program as a process of its own. Killed where it still runs at the end.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int Sigterm = 15;

    private static readonly ConcurrentDictionary<ChildProcess, bool> Running = new();

    private readonly Process _process;
    private readonly Task<string> _output;
    private string _lastError = "";

    public ChildProcess(string command, params IEnumerable<string> arguments)
    {
        Interruption.ThrowIfAsked();
        _process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Running[this] = true;
        _process.ErrorDataReceived += (_, line) => _lastError = line.Data ?? _lastError;
        _process.BeginErrorReadLine();
        _output = _process.StandardOutput.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Processor time that it has used so far.</summary>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.HasExited
                ? throw new InvalidOperationException(
                    $"A server has ended, exit code {_process.ExitCode}: {_lastError}")
                : _process.TotalProcessorTime;
        }
    }

    /// <summary>Memory of the process that is in RAM now.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
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

    /// <summary>A program on one processor, as the same process.</summary>
    public static ChildProcess OnCore(
        int core, string command, params IEnumerable<string> arguments) =>
        new("taskset", [
            "-c", core.ToString(CultureInfo.InvariantCulture), command, .. arguments]);

    /// <summary>Kills all that run; their owners still dispose of them.</summary>
    public static void EndAll()
    {
        foreach (var (child, _) in Running)
            child.End();
    }

    public void Dispose()
    {
        End();
        if (Running.TryRemove(this, out _))
            _process.Dispose();
    }

    private void End()
    {
        try
        {
            _process.Kill();
            _process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It has ended, or is disposed of.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
