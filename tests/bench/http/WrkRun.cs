using System.Globalization;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Http;

/// <summary>What wrk saw of a server in one sample.</summary>
/// <param name="Requests">Answered ones.</param>
/// <param name="Refused">Answers of 400 and above.</param>
/// <param name="Broken">Connections that failed, and answers that did not come.</param>
/// <param name="ServerCpu">That the server used meanwhile.</param>
internal sealed record WrkResult(
    long Requests, double Seconds, long Refused, long Broken, double P99Ms, TimeSpan ServerCpu)
{
    public double PerSecond => (Requests - Refused) / Seconds;

    public double PerCpuSecond => (Requests - Refused) / ServerCpu.TotalSeconds;

    /// <summary>In milliseconds, as text: wrk keeps no time of some pipelined bursts.</summary>
    public static string P99Of(IEnumerable<WrkResult> samples)
    {
        var median = new Row("", [.. samples.Select(sample => sample.P99Ms)]).Median;
        return median > 0 ? median.ToString("F2", CultureInfo.InvariantCulture) : "not kept";
    }
}

/// <summary>One thread of wrk on the generator's processor.</summary>
internal static class WrkRun
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    /// <exception cref="UnavailableException">wrk cannot be had, or fails.</exception>
    public static async Task<WrkResult> RunAsync(
        Uri url, ChildProcess server, WrkScript script, int connections, int seconds)
    {
        var program = DebianPackage.Require("wrk", "wrk");
        var cpu = server.CpuTime;
        using var wrk = ChildProcess.OnCore(
            Cores.Generator,
            program,
            "-t1",
            "-c", connections.ToString(CultureInfo.InvariantCulture),
            "-d", $"{seconds}s",
            "--timeout", "20s",
            "-s", script.File,
            url.AbsoluteUri);
        var output = await wrk.EndAsync(TimeSpan.FromSeconds(seconds) + EndLimit);
        var used = server.CpuTime - cpu;
        var done = output.Split('\n').LastOrDefault(line => line.StartsWith("DONE "))
            ?? throw new UnavailableException($"wrk failed: {wrk.LastError}");
        var numbers = done.Split(' ').Skip(1)
            .Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new WrkResult(
            numbers[0], numbers[1] / 1e6, numbers[2], numbers[3], numbers[4] / 1e3, used);
    }

    /// <summary>Waits until a server that was just started takes connections.</summary>
    public static async Task WaitUntilListeningAsync(Uri url)
    {
        using var client = new HttpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Interruption.Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                using var body = new StringContent("{}");
                using var answer = await client.PostAsync(url, body, limit.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }
}
