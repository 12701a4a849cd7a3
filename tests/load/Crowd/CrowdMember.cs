using System.Diagnostics;
using TradeProcessor.Load.Reporting;

namespace TradeProcessor.Load.Crowd;

/// <summary>A child as its parent sees it.</summary>
internal sealed class CrowdMember : IDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Task _reading;
    private readonly TaskCompletionSource _opened = new();
    private readonly TaskCompletionSource _posted = new();
    private CrowdCounts _counts;
    private string _latency = "0";

    /// <exception cref="UsageException">The tool cannot start itself.</exception>
    public CrowdMember(IEnumerable<string> arguments)
    {
        // Either the program itself, or `dotnet` and the assembly.
        var program = Environment.ProcessPath
            ?? throw new UsageException("--hold: the tool does not know its own path");
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [typeof(CrowdMember).Assembly.Location]
            : [];
        var start = new ProcessStartInfo(program, [.. self, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // Each is one loop on one thread; there may be 60 of them.
        start.Environment["DOTNET_GCHeapAffinitizeMask"] = "1";
        start.Environment["DOTNET_GCConserveMemory"] = "9";
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = Process.Start(start)!;
        _reading = Task.Run(ReadAsync);
    }

    /// <exception cref="InvalidOperationException">It has ended before.</exception>
    public Task Opened => _opened.Task;

    /// <inheritdoc cref="Opened"/>
    public Task Posted => _posted.Task;

    public CrowdCounts Counts
    {
        get
        {
            lock (_opened)
                return _counts;
        }
    }

    public void AddLatency(LatencyHistogram to) => to.AddLine(Volatile.Read(ref _latency));

    public void Tell(string command)
    {
        try
        {
            _process.StandardInput.WriteLine(command);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended; whoever waits for it is told so.
        }
    }

    /// <summary>Has it end, with its last counts.</summary>
    public async Task EndAsync()
    {
        Tell("end");
        await _process.WaitForExitAsync().WaitAsync(EndLimit);
        await _reading;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var (word, rest) = (line.Split(' ')[0], line[(line.IndexOf(' ') + 1)..]);
            if (word == "counts")
            {
                lock (_opened)
                    _counts = CrowdCounts.Parse(rest);
                continue;
            }
            Volatile.Write(ref _latency, rest);
            _ = (word == "opened" ? _opened : _posted).TrySetResult();
        }
        var ended = new InvalidOperationException("A process that holds connections has ended.");
        _ = _opened.TrySetException(ended);
        _ = _posted.TrySetException(ended);
        // Nobody may be waiting for them any more.
        _ = (_opened.Task.Exception, _posted.Task.Exception);
    }
}
