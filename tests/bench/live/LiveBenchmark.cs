using System.Globalization;
using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Page;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Live;

/// <summary>
/// Live clients on one frontend: how long from a POST until a client is told, with and without
/// others that stop reading; and deliveries for a second of the server's processor beside bare
/// WebSockets that send the same bytes. POST k (from 0) is due at start + k ÷ rate; a client has
/// it with the first update that counts k + 1 trades more than before.
/// </summary>
internal static class LiveBenchmark
{
    private const int Clients = 2000;
    private const int Silent = 200;
    private const int Connections = 64;
    private const double MiB = 1 << 20;
    private const int EachPost = 20; // of a timetable, one in so many is followed to each client

    private static readonly Goal Alone = new(
        "POST to 2,000 live clients at half load, p99", "ms", 300, 260, true);

    private static readonly Goal Beside = new(
        "the same beside 200 more that stop reading, p99", "ms", 300, 260, true);

    public static IReadOnlyList<Goal> Goals => [Alone, Beside];

    public static async Task<BenchResult> RunAsync(string path, Pace pace)
    {
        var (clients, silent, seconds) = ReferenceEquals(pace, Pace.Quick)
            ? (Clients / 10, Silent / 10, 6)
            : (Clients, Silent, 15);
        using var directory = new TemporaryDirectory(path, "live");
        var capture = Path.Combine(Path.GetFullPath(directory.Path), "messages.json");
        using var host = await HostServer.StartAsync(path, HostVariant.Default);
        _ = await HalfLoadAsync(host, clients, seconds); // hot code is compiled anew under load
        var loads = new List<double>();
        while (loads.Count < pace.LiveRounds)
            loads.Add(await HalfLoadAsync(host, clients, seconds));
        var rate = new Row("half load", loads).Median;
        Console.WriteLine($"  half load: {rate:N0} POSTs/s");
        _ = await MeasureAsync(host, rate, clients, 0, seconds, capture); // what the peer sends
        var samples = await Alternation.RunAsync(
            [
                ("alone", () => MeasureAsync(host, rate, clients, 0, seconds, null)),
                ("beside silent ones", () => MeasureAsync(host, rate, clients, silent, seconds, null)),
                ("at 4 POSTs a second", () => IdleAsync(host, clients, seconds)),
                ("bare WebSockets", () => BareAsync(clients, seconds, capture)),
            ],
            pace.LiveRounds,
            sample => string.Create(
                CultureInfo.InvariantCulture,
                $"{(sample.P99Ms > 0 ? $"p99 {sample.P99Ms:F0} ms, " : "")}"
                + $"{sample.PerCpuSecond:N0} deliveries/cpu-s, {sample.Gaps} gaps, {sample.Ended} ended"));
        var (alone, beside, quiet, bare) = (samples[0], samples[1], samples[2], samples[3]);
        return new BenchResult(
            [
                Score.Of(Alone, [.. alone.Select(x => x.P99Ms)], Of(clients)),
                Score.Of(Beside, [.. beside.Select(x => x.P99Ms)], Of(clients)),
            ],
            [
                new Section(
                    $"POST to {clients:N0} clients at {rate:N0} POSTs/s", "ms",
                    [
                        new Row("p50", [.. alone.Select(x => x.P50Ms)]),
                        new Row("p99", [.. alone.Select(x => x.P99Ms)]),
                        new Row($"p50 beside {silent} that stop reading", [.. beside.Select(x => x.P50Ms)]),
                        new Row($"p99 beside {silent} that stop reading", [.. beside.Select(x => x.P99Ms)]),
                    ])
                {
                    Compares = false,
                },
                new Section(
                    "Deliveries for each second of the server's processor", "1/s",
                    [
                        new Row("bare Kestrel WebSockets, same bytes", [.. bare.Select(x => x.PerCpuSecond)]),
                        new Row("host at 4 POSTs a second, whose updates are smaller", [.. quiet.Select(x => x.PerCpuSecond)]),
                        new Row("host with all its work at half load", [.. alone.Select(x => x.PerCpuSecond)]),
                    ]),
                new Section(
                    "Growth of the host while it was measured", "MiB",
                    [
                        new Row($"{clients:N0} clients", [.. alone.Select(x => x.GrowthBytes / MiB)]),
                        new Row($"and {silent} that stop reading", [.. beside.Select(x => x.GrowthBytes / MiB)]),
                    ])
                {
                    Compares = false,
                },
            ],
            $"Clients of @microsoft/signalr in Node with the generator on core 1, server on core 0, "
            + $"{seconds - 3} s of POSTs a sample. From the instant that a POST is due to the update "
            + "with which a client is told of it, every twentieth POST for every client.",
            string.Create(CultureInfo.InvariantCulture,
                $"Updates of {alone[0].UpdateBytes:N0} bytes on average. Clients that read: alone "
                + $"{alone.Sum(x => x.Gaps)} gaps and {alone.Sum(x => x.Ended)} connections ended, "
                + $"beside silent ones {beside.Sum(x => x.Gaps)} and {beside.Sum(x => x.Ended)}."));
    }

    private static string Of(int clients) => clients == Clients ? "" : $"over {clients} clients";

    private sealed record Outcome(
        double P50Ms, double P99Ms, double PerCpuSecond, double UpdateBytes, long Gaps, int Ended,
        long GrowthBytes);

    /// <summary>
    /// Half of what the generator reaches while the clients are told of it: they share its
    /// processor, so less than without them.
    /// </summary>
    private static async Task<double> HalfLoadAsync(HostServer host, int clients, int seconds)
    {
        using var watching = await LiveClients.OpenAsync(
            "signalr", host.Address, clients, 0, seconds);
        var posts = 0L;
        var used = 0.0;
        while (used < seconds - 5)
        {
            var sent = await SendAsync(host, posts: 20_000, rate: 0);
            (posts, used) = (posts + sent.Posts, used + sent.Seconds);
        }
        _ = await watching.TakeAsync();
        return posts / used / 2;
    }

    private static async Task<Outcome> MeasureAsync(
        HostServer host, double rate, int clients, int silent, int seconds, string? capture)
    {
        var before = await host.SettleAsync();
        var memory = host.Process.ResidentBytes;
        using var watching = await LiveClients.OpenAsync(
            "signalr", host.Address, clients, silent, seconds, capture);
        var cpu = host.Process.CpuTime;
        var sent = await SendAsync(host, (long)(rate * (seconds - 3)), rate);
        var told = await watching.TakeAsync();
        var used = (host.Process.CpuTime - cpu).TotalSeconds;
        var latencies = Latencies(told, sent, rate, before);
        return new Outcome(
            At(latencies, 0.5), At(latencies, 0.99), told.Deliveries / used,
            (double)told.Bytes / told.Deliveries, told.Gaps, told.Ended,
            host.Process.ResidentBytes - memory);
    }

    private static async Task<Outcome> IdleAsync(HostServer host, int clients, int seconds)
    {
        using var watching = await LiveClients.OpenAsync(
            "signalr", host.Address, clients, 0, seconds);
        var cpu = host.Process.CpuTime;
        // A trade every quarter of a second, so that there are four updates.
        _ = await SendAsync(host, posts: 4L * seconds, rate: 4);
        var told = await watching.TakeAsync();
        var used = (host.Process.CpuTime - cpu).TotalSeconds;
        return new Outcome(0, 0, told.Deliveries / used, 0, told.Gaps, told.Ended, 0);
    }

    private static async Task<Outcome> BareAsync(int clients, int seconds, string messages)
    {
        var address = new Uri($"http://127.0.0.1:{Loopback.FreePort()}");
        using var client = new HttpClient { BaseAddress = address };
        using var server = ChildProcess.OnCore(
            Cores.Server, "env", $"ASPNETCORE_URLS={address.OriginalString}", "dotnet",
            typeof(LiveBenchmark).Assembly.Location, BareSockets.Name, address.OriginalString,
            messages);
        await Loopback.WaitUntilReadyAsync(client, server, TimeSpan.FromSeconds(60));
        using var watching = await LiveClients.OpenAsync("bare", address, clients, 0, seconds);
        var cpu = server.CpuTime;
        var told = await watching.TakeAsync();
        var used = (server.CpuTime - cpu).TotalSeconds;
        return new Outcome(0, 0, told.Deliveries / used, 0, 0, told.Ended, 0);
    }

    private static Task<Sent> SendAsync(HostServer host, long posts, double rate) =>
        PostSender.RunAsync(new SendPlan(host.Address, Connections, 1, posts, rate));

    /// <summary>In milliseconds, ascending; one for each client and followed POST.</summary>
    private static List<double> Latencies(Told told, Sent sent, double rate, long before)
    {
        var latencies = new List<double>();
        foreach (var seen in told.Seen)
        {
            var at = 0;
            for (var post = 0L; post < sent.Posts; post += EachPost)
            {
                while (at < seen.Length && seen[at][1] < before + post + 1)
                    at++;
                latencies.Add(at == seen.Length
                    ? double.PositiveInfinity // never told
                    : seen[at][0] - (sent.StartMs + post / rate * 1000));
            }
        }
        latencies.Sort();
        return latencies;
    }

    private static double At(List<double> sorted, double share) =>
        sorted[(int)Math.Min(sorted.Count - 1, share * sorted.Count)];
}
