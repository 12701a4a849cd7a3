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

    private static readonly TimeSpan PostLimit = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(5);

    private readonly Goal _open = new(
        "open keep-alive connections on one box with their clients, each had a 202",
        "connections", Wanted, 1_200_000);

    private readonly Goal _p99 = new(
        $"{rate.ToString("N0", CultureInfo.InvariantCulture)} POSTs/s over random ones of them, p99",
        "ms", 20, 5, true);

    public async Task<BenchResult> RunAsync(int wanted)
    {
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
            "--post-seconds", pace.WatchSeconds.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine($"  opening {connections:N0} connections");
        await held.UntilAsync("posting", TimeSpan.FromSeconds(120 + connections / 1_000));
        var open = ProcessMemory.Of(host.Process.Id);
        var kernel = ProcessMemory.Slab - slab;
        Console.WriteLine($"  {rate:N0} POSTs/s for {pace.WatchSeconds} s");
        await held.UntilAsync("holding", PostLimit + TimeSpan.FromSeconds(pace.WatchSeconds));
        var after = ProcessMemory.Of(host.Process.Id);
        var result = await held.EndAsync(EndLimit);
        var counted = await host.CountedAsync();
        return Judge(connections, remark, held, result, counted,
        [
            Mebibytes("without connections", before.Rss),
            Mebibytes("all open", open.Rss),
            Mebibytes("after the POSTs", after.Rss),
            Mebibytes("kernel objects (slab) of both ends", kernel),
        ]);
    }

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
        var latency = posts.GetProperty("latencyMs");
        var stillOpen = result.GetProperty("stillOpen").GetInt32();
        var accepted = posts.GetProperty("accepted").GetInt64();
        var sent = posts.GetProperty("sent").GetInt64();
        var acknowledged = result.GetProperty("accepted").GetInt64() + accepted;
        if (counted < acknowledged)
            throw new InvalidOperationException($"{acknowledged} were acknowledged, {counted} counted.");
        var all = held.AreWhole(result) ? "" : "not all were answered 202 and open at the end; ";
        var late = accepted == sent ? "" : $"{sent - accepted:N0} of {sent:N0} POSTs had no 202; ";
        return new BenchResult(
            [
                Score.Of(_open, [stillOpen], all + remark),
                Score.Of(_p99, [latency.GetProperty("p99").GetDouble()], late
                    + $"over {connections.ToString("N0", CultureInfo.InvariantCulture)}"),
            ],
            [
                new Section("Host, resident memory", "MiB", memory),
                new Section(
                    $"{rate:N0} POSTs a second for {pace.WatchSeconds} s over random ones", "ms",
                    [.. latency.EnumerateObject().Select(
                        quantile => new Row(quantile.Name, [quantile.Value.GetDouble()]))]),
                new Section(
                    "Accounts", "",
                    [
                        new Row("connections open at the end", [stillOpen]),
                        new Row("POSTs over open connections", [sent]),
                        new Row("of them answered 202", [accepted]),
                        new Row("acknowledged in all", [acknowledged]),
                        new Row("counted by the storage API", [counted]),
                    ]),
                new Section(
                    "Opening", "connections/s",
                    [
                        new Row(
                            $"by {result.GetProperty("processes").GetInt32()} processes",
                            [connections / result.GetProperty("openSeconds").GetDouble()]),
                    ]),
            ],
            "Server and clients share both processors. From the instant that a POST is due to its "
            + "answer; each connection had a 202 before, over source addresses in 127.0.0.0/8.");
    }

    private static Row Mebibytes(string name, long bytes) => new(name, [bytes / (double)(1 << 20)]);
}
