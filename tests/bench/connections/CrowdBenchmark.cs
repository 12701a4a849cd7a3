using System.Globalization;
using System.Text.Json;
using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Connections;

/// <summary>
/// Very many connections to one host: each answered 202, then POSTs over random ones, and in the
/// end the accounts. Server and clients share the machine.
/// </summary>
/// <param name="rate">POSTs a second over them.</param>
internal sealed class CrowdBenchmark(string tool, string path, int rate, Pace pace)
{
    public const int Wanted = 1_000_000;

    // Of server, clients and kernel: 9.5 KB with clients over rings, 14 KB where each 19,500 take a
    // process of their own; and what is to stay free.
    private const long BytesPerConnection = 14_000;
    private const long Spare = 2L << 30;
    private const int Step = 50_000;
    private const int RoundSeconds = 10;

    private static readonly TimeSpan PostLimit = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(5);

    private static readonly Goal Open = new(
        "open keep-alive connections on one box with their clients, each had a 202",
        "connections", Wanted, 1_200_000);

    private readonly Goal _p99 = P99(rate);

    /// <param name="rate">POSTs a second over the connections.</param>
    public static IReadOnlyList<Goal> Goals(int rate) => [Open, P99(rate)];

    public async Task<BenchResult> RunAsync(int wanted)
    {
        var rounds = pace.WatchSeconds / RoundSeconds;
        var connections = Math.Min(wanted, Affordable());
        var remark = connections < wanted
            ? $"{ProcessMemory.Available >> 20:N0} MiB are free, too few for {wanted:N0}"
            : "";
        using var host = await HostServer.StartAsync(
            path, HostVariant.Crowd(connections), pinned: false);
        var before = ProcessMemory.Of(host.Process.Id);
        var slab = ProcessMemory.Slab;
        using var held = HeldConnections.Start(
            tool, host.Address, connections, TimeSpan.FromSeconds(3),
            "--post-rate", rate.ToString(CultureInfo.InvariantCulture),
            "--post-seconds", RoundSeconds.ToString(CultureInfo.InvariantCulture),
            "--post-rounds", rounds.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine($"  opening {connections:N0} connections");
        await held.UntilAsync("posting", TimeSpan.FromSeconds(120 + connections / 1_000));
        var open = ProcessMemory.Of(host.Process.Id);
        var kernel = ProcessMemory.Slab - slab;
        Console.WriteLine($"  {rate:N0} POSTs/s, {rounds} × {RoundSeconds} s");
        await held.UntilAsync("holding", PostLimit + TimeSpan.FromSeconds(pace.WatchSeconds));
        var after = ProcessMemory.Of(host.Process.Id);
        var result = await held.EndAsync(EndLimit);
        _ = await host.SettleAsync();
        var counted = await host.CountedAsync();
        return Judge(connections, remark, held, result, counted,
        [
            Mebibytes("host without connections", before.Rss),
            Mebibytes("host, all open", open.Rss),
            Mebibytes("host, after the POSTs", after.Rss),
            Mebibytes("kernel objects (slab) of both ends", kernel),
        ]);
    }

    private static Goal P99(int rate) => new(
        $"{rate.ToString("N0", CultureInfo.InvariantCulture)} POSTs/s over random ones of them, p99",
        "ms", 20, 5, true);

    private static int Affordable() =>
        (int)((ProcessMemory.Available - Spare) / BytesPerConnection / Step) * Step;

    private BenchResult Judge(
        int connections,
        string remark,
        HeldConnections held,
        JsonElement result,
        long counted,
        Row[] memory)
    {
        var posts = result.GetProperty("posts");
        var rounds = posts.GetProperty("rounds").EnumerateArray().ToList();
        var stillOpen = result.GetProperty("stillOpen").GetInt32();
        var accepted = posts.GetProperty("accepted").GetInt64();
        var sent = posts.GetProperty("sent").GetInt64();
        var acknowledged = result.GetProperty("accepted").GetInt64() + accepted;
        // Whoever had no answer, or another one than 202, may have been counted all the same.
        var doubtful = connections + sent - acknowledged;
        if (counted < acknowledged || counted > acknowledged + doubtful)
        {
            throw new InvalidOperationException(
                $"{acknowledged} were acknowledged, {doubtful} in doubt, {counted} counted.");
        }
        var all = held.AreWhole(result) ? "" : "not all were answered 202 and open at the end; ";
        var quantiles = rounds.Select(round => round.GetProperty("p99").GetDouble()).ToList();
        var late = accepted == sent ? "" : $"{sent - accepted:N0} of {sent:N0} POSTs had no 202; ";
        return new BenchResult(
            [
                Score.Of(Open, [stillOpen], all + remark),
                OfP99(connections, quantiles, late),
            ],
            [
                new Section("Resident memory", "MiB", memory) { Compares = false },
                new Section(
                    $"{rate:N0} POSTs a second over random ones, rounds of {RoundSeconds} s", "ms",
                    [.. rounds[0].EnumerateObject().Select(quantile => new Row(
                        quantile.Name,
                        [.. rounds.Select(round => round.GetProperty(quantile.Name).GetDouble())]))])
                {
                    Compares = false,
                },
                new Section(
                    "Accounts", "requests",
                    [
                        new Row("connections open at the end", [stillOpen]),
                        new Row("POSTs over open connections", [sent]),
                        new Row("of them answered 202", [accepted]),
                        new Row("acknowledged in all", [acknowledged]),
                        new Row("in doubt", [doubtful]),
                        new Row("counted by the storage API", [counted]),
                    ])
                {
                    Compares = false,
                },
                new Section(
                    "Opening", "connections/s",
                    [
                        new Row(
                            $"by {result.GetProperty("processes").GetInt32()} processes",
                            [connections / result.GetProperty("openSeconds").GetDouble()]),
                    ])
                {
                    Compares = false,
                },
            ],
            "Server and clients share both processors. From the instant that a POST is due to its "
            + "answer; each connection had a 202 before, over source addresses in 127.0.0.0/8.");
    }

    // What holds over fewer connections says nothing of as many as the goal has.
    private Score OfP99(int connections, List<double> quantiles, string late)
    {
        var over = string.Create(CultureInfo.InvariantCulture, $"over {connections:N0}");
        return connections >= Wanted
            ? Score.Of(_p99, quantiles, late + over)
            : Score.Missing(_p99, string.Create(
                CultureInfo.InvariantCulture,
                $"{late}{over} the p99 was {new Row("", quantiles).Median:F2} ms, the goal is "
                + $"over {Wanted:N0}"));
    }

    private static Row Mebibytes(string name, long bytes) => new(name, [bytes / (double)(1 << 20)]);
}
