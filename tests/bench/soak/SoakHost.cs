using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Soak;

/// <summary>The real host on a directory of its own, and what can be seen of it from outside.</summary>
internal sealed class SoakHost : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _process;
    private readonly string _directory;
    private readonly HttpClient _client;
    private readonly Stopwatch _since = Stopwatch.StartNew();

    public SoakHost(string assembly, string directory, IReadOnlyList<string> more)
    {
        _directory = directory;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Loopback.FreePort()}") };
        _process = new ChildProcess(
            "dotnet",
            [
                assembly,
                "--urls", Address.OriginalString,
                "--Storage:Path", directory,
                // So little that retention has work to do, and the disk does not fill.
                "--Storage:RetainBytes", (1L << 30).ToString(CultureInfo.InvariantCulture),
                "--Storage:SegmentBytes", (64 << 20).ToString(CultureInfo.InvariantCulture),
                .. more,
            ]);
    }

    public Uri Address => _client.BaseAddress!;

    public Task WaitUntilReadyAsync() =>
        Loopback.WaitUntilReadyAsync(_client, _process, StartLimit);

    public async Task<SoakSample> SampleAsync()
    {
        using var summary = JsonDocument.Parse(
            await _client.GetStringAsync(new Uri("/api/summary", UriKind.Relative)));
        var metrics = await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return new SoakSample(
            _since.Elapsed,
            summary.RootElement.GetProperty("aggregated").GetInt64(),
            summary.RootElement.GetProperty("lagSeconds").GetDouble(),
            (long)Metric(metrics, "process_resident_memory_bytes"),
            (long)Metric(metrics, "dotnet_heap_bytes"),
            Files("log").Sum(file => file.Length),
            Files("snapshots").MaxBy(file => file.Name)?.Length ?? 0);
    }

    /// <summary>Ends it as Ctrl-C does; returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        _process.Terminate();
        _ = await _process.EndAsync(DrainLimit);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        _process.Dispose();
        _client.Dispose();
    }

    private IEnumerable<FileInfo> Files(string name) =>
        new DirectoryInfo(Path.Combine(_directory, name)).EnumerateFiles();

    private static double Metric(string metrics, string name)
    {
        var line = metrics.Split('\n').First(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
    }
}
