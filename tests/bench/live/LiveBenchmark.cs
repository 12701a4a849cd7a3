using System.Globalization;
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
    private const int EachPost = 20; // of a timetable, one in so many is followed to each client

    public static async Task RunAsync(string path, bool quick)
    {
        var (clients, silent, seconds) = quick ? (200, 20, 6) : (Clients, Silent, 15);
        using var directory = new TemporaryDirectory(path, "live");
        var capture = Path.Combine(Path.GetFullPath(directory.Path), "messages.json");
        double rate;
        Outcome alone, beside, quiet;
        using (var host = await HostServer.StartAsync(path, HostVariant.Default))
        {
            _ = await SendAsync(host, posts: 50_000, rate: 0); // server and sender compile
            rate = await HalfLoadAsync(host, clients, seconds);
            Console.WriteLine($"  half load: {rate:N0} POSTs/s");
            alone = await MeasureAsync(host, rate, clients, 0, seconds, capture);
            beside = await MeasureAsync(host, rate, clients, silent, seconds, null);
            quiet = await IdleAsync(host, clients, seconds);
        }
        var peer = await BareAsync(clients, seconds, capture);

        BenchReport.Show("live",
            new Section($"POST to {clients} clients at {rate:N0} POSTs/s", "ms",
                [
                    new Row("p50", [alone.P50Ms]),
                    new Row("p99 (limit 300)", [alone.P99Ms]),
                    new Row($"p99 beside {silent} that stop reading", [beside.P99Ms]),
                ]),
            new Section("deliveries for each second of the server's processor", "1/s",
                [
                    new Row("bare Kestrel WebSockets, same bytes", [peer.PerCpuSecond]),
                    new Row("the frontend, nothing posted", [quiet.PerCpuSecond]),
                    new Row("the whole host at half load", [alone.PerCpuSecond]),
                ]),
            new Section($"memory that {silent} silent clients cost", "MiB",
                [new Row("resident, with and without", [beside.GrowthBytes / 1048576.0])]));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"updates {alone.UpdateBytes:N0} bytes on average; gaps {alone.Gaps} alone, "
            + $"{beside.Gaps} beside silent ones; clients ended {alone.Ended} and {beside.Ended}"));
    }

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
