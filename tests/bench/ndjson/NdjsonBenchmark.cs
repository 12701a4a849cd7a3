using System.Diagnostics;
using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Http;
using TradeProcessor.Bench.Peers;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Servers;
using TradeProcessor.Load.Generation;

namespace TradeProcessor.Bench.Ndjson;

/// <summary>
/// NDJSON with 1,000 trades a POST on one processor, from the first POST until the storage API has
/// counted the last trade, beside databases that are given the same trades.
/// </summary>
internal static class NdjsonBenchmark
{
    private const int Connections = 16;
    private const int Trades = 100_000; // in turn: about 20 MB
    private const int TradesPerPost = 1000;
    private const int RowsPerPost = 10_000; // ClickHouse wants large blocks
    private const int LinesPerPost = 5000;

    private static readonly Goal Rate = new(
        "NDJSON, 1,000 trades a POST, one core, durable and aggregated",
        "trades/s", 1_000_000, 2_500_000);

    private static readonly Goal Ratio = new(
        "NDJSON ÷ ClickHouse's rows/s on the same bytes", "×", 3, null);

    public static IReadOnlyList<Goal> Goals => [Rate, Ratio];

    public static async Task<BenchResult> RunAsync(string path, Pace pace)
    {
        using var contenders = new Contenders();
        using var host = await HostServer.StartAsync(path, HostVariant.Default);
        using var nothing = new NullServer();
        await WrkRun.WaitUntilListeningAsync(nothing.Trades);
        var thousands = contenders.Keep(WrkScript.OfBodies(
            path, "application/x-ndjson", Bodies(TradesPerPost)));
        var lines = contenders.Keep(WrkScript.OfBodies(path, "text/plain", Lines()));
        contenders.Add("host", TradesPerPost, seconds => VerifiedAsync(host, thousands, seconds));
        contenders.Add("null server", TradesPerPost, seconds => SendAsync(
            nothing.Trades, nothing.Process, thousands, TradesPerPost, seconds));
        await contenders.AddPeerAsync(
            "ClickHouse", () => ClickHouse.StartAsync(path), [
                (TradesPerPost, thousands),
                (RowsPerPost, contenders.Keep(WrkScript.OfBodies(
                    path, "application/x-ndjson", Bodies(RowsPerPost))))]);
        await contenders.AddPeerAsync(
            "InfluxDB", () => InfluxDb.StartAsync(path), [(LinesPerPost, lines)]);
        await contenders.AddPeerAsync(
            "VictoriaMetrics", () => VictoriaMetrics.StartAsync(path), [(LinesPerPost, lines)]);
        foreach (var (_, run) in contenders.Running)
            _ = await run(pace.WarmUpSeconds / 2);
        var samples = await Alternation.RunAsync(
            [.. contenders.Running.Select(x => (
                x.Name, (Func<Task<Sample>>)(() => x.Run(pace.Seconds))))],
            pace.Rounds,
            sample => $"{sample.PerSecond:N0} trades/s");
        return Judge(contenders, samples);
    }

    private static IEnumerable<byte[]> Bodies(int trades) => Enumerable.Range(0, Trades / trades)
        .Select(i => SampleTrades.Lines((long)i * trades, trades));

    private static IEnumerable<byte[]> Lines()
    {
        var generator = new TradeGenerator(seed: 1);
        var at = DateTime.UtcNow;
        return Enumerable.Range(0, Trades / LinesPerPost).Select(
            i => LineProtocol.Write(generator, (long)i * LinesPerPost, LinesPerPost, at));
    }

    /// <exception cref="InvalidOperationException">It refuses what it is sent.</exception>
    internal static async Task<Sample> SendAsync(
        Uri url, ChildProcess server, WrkScript script, int rows, int seconds)
    {
        var result = await WrkRun.RunAsync(url, server, script, Connections, seconds);
        return result.Refused == 0 && result.Requests > 0
            ? new Sample(result.Requests * rows, result.Seconds, result.ServerCpu)
            : throw new InvalidOperationException(
                $"{url}: {result.Refused} of {result.Requests} requests were refused.");
    }

    // wrk drops what is under way at its end; what the host accepted of it counts as well.
    private static async Task<Sample> VerifiedAsync(HostServer host, WrkScript script, int seconds)
    {
        var before = await host.SettleAsync();
        var cpu = host.Process.CpuTime;
        var sent = await SendAsync(host.Trades, host.Process, script, TradesPerPost, seconds);
        var ended = Stopwatch.GetTimestamp();
        await host.UntilAloneAsync();
        var accepted = await host.SettleAsync() - before;
        var counted = sent.Seconds + Stopwatch.GetElapsedTime(ended).TotalSeconds;
        return accepted >= sent.Rows && accepted <= sent.Rows + Connections * TradesPerPost
            ? new Sample(accepted, counted, host.Process.CpuTime - cpu)
            : throw new InvalidOperationException(
                $"{sent.Rows} trades were answered with 202, the host has accepted {accepted}.");
    }

    internal static BenchResult Judge(Contenders contenders, IReadOnlyList<Sample>[] samples)
    {
        var rows = contenders.Running.Select((contender, i) => new Row(
            contender.Name,
            [.. samples[i].Select(x => x.PerSecond)],
            Section.Number(new Row("", [.. samples[i].Select(x => x.PerCpuSecond)]).Median)))
            .ToList();
        var bound = rows[1].Median < 2 * rows[0].Median;
        var best = rows.Where(row => row.Name.StartsWith("ClickHouse", StringComparison.Ordinal))
            .MaxBy(row => row.Median);
        return new BenchResult(
            [
                Score.Of(
                    Rate,
                    rows[0].Values,
                    string.Join("; ", [
                        .. bound ? (string[])[$"generator-bound: its own ceiling is {rows[1].Median:N0}"] : [],
                        .. contenders.Missing.Keys.Select(peer => $"{peer} is missing"),
                    ]),
                    bound),
                best is null
                    ? Score.Missing(Ratio, contenders.Missing["ClickHouse"])
                    : Score.Of(
                        Ratio,
                        [.. rows[0].Values.Zip(best.Values, (mine, other) => mine / other)],
                        best.Name,
                        bound),
            ],
            [new Section("Trades a second on one processor", "trades/s", rows, "per server CPU-s")],
            [
                $"Server on core 0; wrk on core 1 sends {Trades:N0} different trades in turn from "
                + $"bodies made before, over {Connections} connections.",
                "The host's clock runs until the storage API has counted the last trade; each is "
                + "flushed with fdatasync before its 202. The databases' clocks stop at their "
                + "last answer, they call no fsync that was not their default.",
                "ClickHouse gets the same JSON (JSONEachRow into a MergeTree); InfluxDB and "
                + $"VictoriaMetrics get the same trades as {LinesPerPost:N0} lines a POST. Their "
                + "points repeat when the bodies come again.",
                .. contenders.Missing.Select(peer => $"{peer.Key} is missing: {peer.Value}."),
            ]);
    }

    /// <param name="Seconds">Until all of them were counted, or answered.</param>
    internal sealed record Sample(long Rows, double Seconds, TimeSpan ServerCpu)
    {
        public double PerSecond => Rows / Seconds;

        public double PerCpuSecond => Rows / ServerCpu.TotalSeconds;
    }
}
