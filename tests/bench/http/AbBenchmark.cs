using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Http;

/// <summary>
/// A connection for each POST, 100,000 of them, as many at once as one process may have open: two
/// ab with 9,900 each, as 20,000 connections and what else a server needs are beyond its 20,000
/// files.
/// </summary>
internal static class AbBenchmark
{
    private const int Processes = 2;
    private const int Connections = 9_900;
    private const int Requests = 50_000;

    private static readonly string Title =
        $"ab -n {Processes * Requests:N0} -c {Processes * Connections:N0} without keep-alive";

    private static readonly Goal Failures = new($"{Title}: failed", "requests", 0, null, true);
    private static readonly Goal Ratio = new($"{Title} ÷ nginx", "×", 0.9, 1.0);

    public static async Task<BenchResult> RunAsync(string path, Pace pace)
    {
        await using var tuning = await Tuning.ApplyAsync(path, Processes * Connections);
        using var files = new TemporaryDirectory(path, "ab");
        var body = files.Write("trade.json", WrkScript.Sample);
        using var nginx = new NginxServer(path);
        await WrkRun.WaitUntilListeningAsync(nginx.Trades);
        using var host = await HostServer.StartAsync(path, HostVariant.Default);
        Task<AbResult> Nginx() => AbRun.RunAsync(
            nginx.Trades, nginx.Process, body, Processes, Requests, Connections);
        _ = await VerifiedAsync(host, body); // it compiles
        var samples = await Alternation.RunAsync(
            [("nginx, return 202", Nginx), ("host", () => VerifiedAsync(host, body))],
            pace.Rounds,
            sample => $"{sample.PerSecond:N0} requests/s, {sample.Failed} failed {sample.Why}");
        return new BenchResult(
            [
                Score.Of(Failures, [.. samples[1].Select(sample => (double)sample.Failed)]),
                Score.Of(
                    Ratio,
                    [.. samples[1].Zip(samples[0], (mine, other) => mine.PerSecond / other.PerSecond)]),
            ],
            [
                new Section(
                    Title,
                    "requests/s",
                    [.. samples.Select((rounds, i) => new Row(
                        i == 0 ? "nginx, return 202" : "host",
                        [.. rounds.Select(x => x.PerSecond)],
                        Section.Number(new Row("", [.. rounds.Select(x => x.PerCpuSecond)]).Median),
                        $"{rounds.Max(x => x.Failed)}"))],
                    "per server CPU-s", "failed at most"),
            ],
            $"{Processes} ab with {Connections:N0} connections each on core 1, server on core 0; "
            + "ops/tune.sh applied for the run.",
            $"{Processes * Connections:N0} at once instead of 20,000, and {Processes} ab instead of one, as "
            + "a process may have 20,000 open files (ulimit -n) and needs some of them for itself.",
            "After each sample the trades accepted and counted were compared with the answers.");
    }

    // A connection may break after its trade was logged: then there is one trade more.
    private static async Task<AbResult> VerifiedAsync(HostServer host, string body)
    {
        var before = await host.SettleAsync();
        var result = await AbRun.RunAsync(
            host.Trades, host.Process, body, Processes, Requests, Connections);
        var accepted = await host.SettleAsync() - before;
        return accepted >= result.Answered && accepted <= result.Answered + result.Failed
            ? result
            : throw new InvalidOperationException(
                $"ab has seen {result.Answered} times 202, the host has accepted {accepted} trades.");
    }
}
