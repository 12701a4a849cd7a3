using System.Diagnostics;
using System.Globalization;
using TradeProcessor.Load.Reporting;

namespace TradeProcessor.Load.Crowd;

/// <summary>A child as its parent sees it.</summary>
internal sealed class CrowdMember : IDisposable
{
    // Of a process that shares the machine with a hundred others.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TaskCompletionSource _opened = new();
    private readonly TaskCompletionSource _ended = new();
    private TaskCompletionSource<string> _posted = new();
    private CrowdCounts _counts;

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
        _ = Task.Run(ReadAsync);
    }

    /// <exception cref="InvalidOperationException">It has ended before.</exception>
    public Task Opened => _opened.Task;

    public CrowdCounts Counts
    {
        get
        {
            lock (_opened)
                return _counts;
        }
    }

    /// <summary>Has it send POSTs.</summary>
    /// <returns>Their latencies, as a line of <see cref="LatencyHistogram"/>.</returns>
    /// <exception cref="InvalidOperationException">It ends before they are answered.</exception>
    public Task<string> PostAsync(double rate, double count)
    {
        var posted = new TaskCompletionSource<string>();
        lock (_opened)
            _posted = posted;
        if (_ended.Task.IsCompleted)
            _ = posted.TrySetException(Ended());
        Tell(string.Create(CultureInfo.InvariantCulture, $"post {rate} {count}"));
        return posted.Task;
    }

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

    /// <summary>Has it tell its last counts, while its connections are still open.</summary>
    public Task EndAsync()
    {
        Tell("end");
        return _ended.Task.WaitAsync(EndLimit);
    }

    // The system closes 19,000 connections of a process that is killed as well as its own end does.
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
            if (word == "posted")
                _ = Posted.TrySetResult(rest);
            else
                _ = (word == "opened" ? _opened : _ended).TrySetResult();
        }
        _ = _opened.TrySetException(Ended());
        // This one first: who asks for POSTs looks at it once others can see the task for them.
        _ = _ended.TrySetException(Ended());
        _ = Posted.TrySetException(Ended());
        // Nobody may be waiting for them any more.
        _ = (_opened.Task.Exception, Posted.Task.Exception, _ended.Task.Exception);
    }

    private TaskCompletionSource<string> Posted
    {
        get
        {
            lock (_opened)
                return _posted;
        }
    }

    private static InvalidOperationException Ended() =>
        new("A process that holds connections has ended.");
}
