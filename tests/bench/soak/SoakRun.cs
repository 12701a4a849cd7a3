using System.Globalization;
using System.Text.Json;
using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Soak;

/// <summary>
/// The real host at full load: (1) start it, (2) send batches for so many minutes and look once a
/// minute, or ten times in a shorter run, (3) wait until all is counted, (4) stop it, (5) say what
/// grew. Bounded in time; both processes are gone at the end, whatever happens, and so is the
/// directory.
/// </summary>
internal static class SoakRun
{
    private const int Connections = 16;
    private const int TradesPerBatch = 1000;

    private static readonly TimeSpan LookEveryAtMost = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CountLimit = TimeSpan.FromSeconds(60);

    /// <param name="more">Arguments of the host.</param>
    public static async Task<BenchResult> RunAsync(
        string path, double minutes, params IReadOnlyList<string> more)
    {
        var hostAssembly = Repository.BuildHost();
        var loadTool = Repository.BuildLoadTool();
        var directory = Directory.CreateDirectory(Path.Combine(path, $"soak-{Environment.ProcessId}"));
        try
        {
            using var host = new SoakHost(hostAssembly, directory.FullName, more);
            await host.WaitUntilReadyAsync();
            using var load = new ChildProcess("dotnet", loadTool,
                "--url", host.Address.OriginalString,
                "--connections", Connections.ToString(CultureInfo.InvariantCulture),
                "--batch", TradesPerBatch.ToString(CultureInfo.InvariantCulture),
                "--duration", string.Create(CultureInfo.InvariantCulture, $"{minutes}m"),
                "--json");
            var samples = await WatchAsync(host, minutes);
            var sent = await SentAsync(load);
            samples.Add(await CountedAsync(host, sent));
            var exitCode = await host.StopAsync();
            return SoakReport.Of(samples, sent, exitCode, more);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    // One look at the start, the others while the load runs.
    private static async Task<List<SoakSample>> WatchAsync(SoakHost host, double minutes)
    {
        var samples = new List<SoakSample> { await host.SampleAsync() };
        var whole = TimeSpan.FromMinutes(minutes);
        var every = whole / 10 < LookEveryAtMost ? whole / 10 : LookEveryAtMost;
        for (var left = whole; left > TimeSpan.FromSeconds(1); left -= every)
        {
            await Task.Delay(left < every ? left : every, Interruption.Token);
            samples.Add(await host.SampleAsync());
            Console.WriteLine(SoakReport.Line(samples[^2], samples[^1]));
        }
        return samples;
    }

    private static async Task<SoakLoad> SentAsync(ChildProcess load)
    {
        using var result = JsonDocument.Parse(await load.EndAsync(CountLimit));
        var latency = result.RootElement.GetProperty("latencyMs");
        var doubtful = result.RootElement.GetProperty("retries").GetInt64()
            + result.RootElement.GetProperty("cuts").GetInt64();
        return new SoakLoad(
            result.RootElement.GetProperty("accepted").GetInt64(),
            doubtful * TradesPerBatch
                + result.RootElement.GetProperty("unanswered").GetInt64()
                + result.RootElement.GetProperty("refused").GetInt64(),
            latency.GetProperty("p50").GetDouble(),
            latency.GetProperty("p99").GetDouble(),
            latency.GetProperty("max").GetDouble());
    }

    // All that was acknowledged, and no more than that and what is in doubt.
    private static async Task<SoakSample> CountedAsync(SoakHost host, SoakLoad sent)
    {
        using var limit = new CancellationTokenSource(CountLimit);
        var before = -1L;
        while (true)
        {
            var sample = await host.SampleAsync();
            if (sample.Aggregated > sent.Accepted + sent.Doubtful)
            {
                throw new InvalidOperationException(
                    $"{sample.Aggregated:N0} trades are counted, of {sent.Accepted:N0} acknowledged "
                    + $"and {sent.Doubtful:N0} in doubt.");
            }
            if (sample.Aggregated >= sent.Accepted && sample.Aggregated == before)
                return sample;
            before = sample.Aggregated;
            await Task.Delay(TimeSpan.FromMilliseconds(500), limit.Token);
        }
    }
}
