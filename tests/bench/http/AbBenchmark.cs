using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Http;

/// <summary>
/// A connection for each POST, 100,000 of them, 20,000 at once: two ab with 10,000 each, as a
/// process may have 20,000 files and needs some for itself. So nginx has two workers; the host over
/// io_uring needs no file for a connection.
/// </summary>
internal static class AbBenchmark
{
    private const int Processes = 2;
    private const int Connections = 10_000;
    private const int Requests = 50_000;
    private const int NginxWorkers = 2;
    private const string NginxName = "nginx, return 202, 2 workers";

    private static readonly string Title =
        $"ab -n {Processes * Requests:N0} -c {Processes * Connections:N0} without keep-alive";

    private static readonly Goal Failures = new($"{Title}: failed", "requests", 0, null, true);
    private static readonly Goal Ratio = new($"{Title} ÷ nginx", "×", 0.9, 1.0);

    public static IReadOnlyList<Goal> Goals => [Failures, Ratio];

    public static async Task<BenchResult> RunAsync(string path, Pace pace)
    {
        await using var tuning = await Tuning.ApplyAsync(path, Processes * Connections);
        using var files = new TemporaryDirectory(path, "ab");
        var body = files.Write("trade.json", WrkScript.Sample);
        using var nginx = new NginxServer(path, NginxWorkers);
        await WrkRun.WaitUntilListeningAsync(nginx.Trades);
        using var host = await HostServer.StartAsync(
            path, HostVariant.Crowd(Processes * Connections));
        Task<AbResult> Nginx() => AbRun.RunAsync(
            nginx.Trades, nginx.Processes, body, Processes, Requests, Connections);
        _ = await VerifiedAsync(host, body); // it compiles
        var samples = await Alternation.RunAsync(
            [(NginxName, Nginx), ("host", () => VerifiedAsync(host, body))],
            pace.Rounds,
            sample => $"{sample.PerSecond:N0} requests/s, {sample.Failed} failed {sample.Why}");
        return new BenchResult(
            [
                Score.Of(
                    Failures,
                    [.. samples[1].Select(sample => (double)sample.Failed)],
                    samples[1].MaxBy(sample => sample.Failed)!.Why),
                Score.Of(
                    Ratio,
                    [.. samples[1].Zip(samples[0], (mine, other) => mine.PerSecond / other.PerSecond)]),
            ],
            [
                new Section(
                    Title,
                    "requests/s",
                    [.. samples.Select((rounds, i) => new Row(
                        i == 0 ? NginxName : "host",
                        [.. rounds.Select(x => x.PerSecond)],
                        Section.Number(new Row("", [.. rounds.Select(x => x.PerCpuSecond)]).Median),
                        $"{rounds.Max(x => x.Failed)}"))],
                    "per server CPU-s", "failed at most"),
            ],
            $"{Processes} ab with {Connections:N0} connections each on core 1, server on core 0; "
            + "ops/tune.sh applied for the run.",
            $"{Processes} ab instead of one, and {NginxWorkers} workers of nginx on the same core "
            + "(reuseport), as a process may have 20,000 open files (ulimit -n) and needs some of "
            + "them for itself; the host, one process over io_uring, needs none for a connection.",
            "After each sample the trades accepted and counted were compared with the answers.");
    }

    // A connection may break after its trade was logged: then there is one trade more.
    private static async Task<AbResult> VerifiedAsync(HostServer host, string body)
    {
        var before = await host.SettleAsync();
        var result = await AbRun.RunAsync(
            host.Trades, [host.Process], body, Processes, Requests, Connections);
        var accepted = await host.SettleAsync() - before;
        return accepted >= result.Answered && accepted <= result.Answered + result.Failed
            ? result
            : throw new InvalidOperationException(
                $"ab has seen {result.Answered} times 202, the host has accepted {accepted} trades.");
    }
}
