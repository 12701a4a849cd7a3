using System.Globalization;
using System.Text.Json;
using TradeProcessor.Bench.Programs;

namespace TradeProcessor.Bench.Soak;

/// <summary>
/// The real host at full load: (1) start it, (2) send batches for so many minutes and look once a
/// minute, (3) wait until all is counted, (4) stop it, (5) say what grew. Bounded in time; both
/// processes are gone at the end, whatever happens, and so is the directory.
/// </summary>
internal static class SoakRun
{
    private const int Connections = 16;
    private const int TradesPerBatch = 1000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CountLimit = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(string path, double minutes)
    {
        var hostAssembly = Repository.BuildHost();
        var loadTool = Repository.BuildLoadTool();
        var directory = Directory.CreateDirectory(Path.Combine(path, $"soak-{Environment.ProcessId}"));
        try
        {
            using var host = new SoakHost(hostAssembly, directory.FullName);
            await host.WaitUntilReadyAsync();
            using var load = new ChildProcess("dotnet", loadTool,
                "--url", host.Address.OriginalString,
                "--connections", Connections.ToString(CultureInfo.InvariantCulture),
                "--batch", TradesPerBatch.ToString(CultureInfo.InvariantCulture),
                "--duration", string.Create(CultureInfo.InvariantCulture, $"{minutes}m"),
                "--json");
            var samples = await WatchAsync(host, minutes);
            var sent = await SentAsync(load);
            samples.Add(await CountedAsync(host, sent.Accepted));
            var exitCode = await host.StopAsync();
            SoakReport.Show(samples, sent, exitCode);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    // One look at the start, one each minute, and one at the end of the load.
    private static async Task<List<SoakSample>> WatchAsync(SoakHost host, double minutes)
    {
        var samples = new List<SoakSample> { await host.SampleAsync() };
        for (var left = TimeSpan.FromMinutes(minutes); left > TimeSpan.Zero; left -= LookEvery)
        {
            await Task.Delay(left < LookEvery ? left : LookEvery);
            samples.Add(await host.SampleAsync());
            Console.WriteLine(SoakReport.Line(samples[^2], samples[^1]));
        }
        return samples;
    }

    private static async Task<SoakLoad> SentAsync(ChildProcess load)
    {
        using var result = JsonDocument.Parse(await load.EndAsync(CountLimit));
        var latency = result.RootElement.GetProperty("latencyMs");
        return new SoakLoad(
            result.RootElement.GetProperty("accepted").GetInt64(),
            latency.GetProperty("p50").GetDouble(),
            latency.GetProperty("p99").GetDouble(),
            latency.GetProperty("max").GetDouble());
    }

    private static async Task<SoakSample> CountedAsync(SoakHost host, long accepted)
    {
        using var limit = new CancellationTokenSource(CountLimit);
        while (true)
        {
            var sample = await host.SampleAsync();
            if (sample.Aggregated >= accepted)
                return sample;
            await Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token);
        }
    }
}
