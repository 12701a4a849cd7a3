using System.Diagnostics;
using System.Globalization;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Http;

/// <summary>What several ab saw together.</summary>
/// <param name="Answered">Requests that got a whole answer of 2xx.</param>
/// <param name="Failed">All others.</param>
/// <param name="Seconds">From the first start to the last end.</param>
/// <param name="Why">What ab said of those that failed; empty where none did.</param>
internal sealed record AbResult(
    long Answered, long Failed, double Seconds, TimeSpan ServerCpu, string Why)
{
    public double PerSecond => Answered / Seconds;

    public double PerCpuSecond => Answered / ServerCpu.TotalSeconds;
}

/// <summary>ab without keep-alive, as several processes on the generator's processor.</summary>
internal static class AbRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    /// <param name="requests">Of each process.</param>
    /// <param name="connections">At once, of each process.</param>
    /// <exception cref="UnavailableException">ab cannot be had.</exception>
    public static async Task<AbResult> RunAsync(
        Uri url,
        IReadOnlyList<ChildProcess> servers,
        string body,
        int processes,
        int requests,
        int connections)
    {
        var program = DebianPackage.Require("ab", "apache2-utils");
        var cpu = Used(servers);
        var started = Stopwatch.GetTimestamp();
        var runs = Enumerable.Range(0, processes).Select(_ => ChildProcess.OnCore(
            Cores.Generator,
            program,
            "-q", "-r", "-s", "60",
            "-n", requests.ToString(CultureInfo.InvariantCulture),
            "-c", connections.ToString(CultureInfo.InvariantCulture),
            "-p", body,
            "-T", "application/json",
            url.AbsoluteUri)).ToList();
        try
        {
            var outputs = await Task.WhenAll(runs.Select(run => run.EndAsync(Limit)));
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            // A process that gave up has said nothing: all of its requests have failed.
            var answered = outputs.Sum(output => Math.Max(0,
                Number(output, "Complete requests:")
                - Number(output, "Failed requests:")
                - Number(output, "Non-2xx responses:")));
            return new AbResult(
                answered,
                (long)processes * requests - answered,
                seconds,
                Used(servers) - cpu,
                string.Join("; ", outputs.Zip(runs, Why).Where(why => why.Length > 0)));
        }
        finally
        {
            foreach (var run in runs)
                run.Dispose();
        }
    }

    private static TimeSpan Used(IEnumerable<ChildProcess> servers) =>
        servers.Aggregate(TimeSpan.Zero, (sum, server) => sum + server.CpuTime);

    private static string Why(string output, ChildProcess run)
    {
        if (Number(output, "Complete requests:") == 0)
            return $"gave up: {run.LastError}";
        var others = Number(output, "Non-2xx responses:");
        if (others > 0)
            return string.Create(CultureInfo.InvariantCulture, $"{others:N0} answers not of 2xx");
        return Number(output, "Failed requests:") == 0
            ? ""
            : output.Split('\n').First(line => line.Contains("(Connect:", StringComparison.Ordinal))
                .Trim();
    }

    private static long Number(string output, string head)
    {
        var line = output.Split('\n').FirstOrDefault(
            line => line.StartsWith(head, StringComparison.Ordinal));
        return line is null
            ? 0
            : long.Parse(line.AsSpan(head.Length).Trim(), CultureInfo.InvariantCulture);
    }
}
