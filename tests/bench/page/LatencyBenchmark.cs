using System.Globalization;
using TradeProcessor.Bench.Board;
using TradeProcessor.Bench.Reporting;
using TradeProcessor.Bench.Servers;

namespace TradeProcessor.Bench.Page;

/// <summary>
/// From a POST to the page at half of the maximum rate. The maximum is what the same generator
/// reaches unhindered with the page open. POST k (from 0) is due at start + k ÷ rate; it is on the
/// page in the first frame in which the counter holds at least k + 1 trades more than before. So a
/// generator that falls behind counts against the result, and the order of trades that were under
/// way together is not told apart.
/// </summary>
internal static class LatencyBenchmark
{
    private const int Connections = 128;
    private const double TickMs = 250;
    private const int RoundSeconds = 10;

    private static readonly Goal P99 = new(
        "POST to the page, p99, at half of the maximum rate", "ms", TickMs + 50, TickMs + 10, true);

    public static IReadOnlyList<Goal> Goals => [P99];

    public static async Task<BenchResult> RunAsync(string path, Pace pace)
    {
        using var host = await HostServer.StartAsync(path, HostVariant.Default);
        await using var page = await WatchedPage.OpenAsync(path, host.Address);
        _ = await SendAsync(host, posts: 100_000, rate: 0);
        var unhindered = await SendAsync(host, posts: 200_000, rate: 0);
        var rate = unhindered.Posts / unhindered.Seconds / 2;
        Console.WriteLine($"  at {rate:N0} POSTs/s, {RoundSeconds} s a round");
        var rounds = new List<double[]>();
        for (var i = 0; i < pace.WatchSeconds / RoundSeconds; i++)
        {
            rounds.Add(await WatchAsync(host, page, rate));
            Console.WriteLine($"  p99 {At(rounds[^1], 0.99):F0} ms");
        }
        return new BenchResult(
            [Score.Of(P99, [.. rounds.Select(round => At(round, 0.99))])],
            [
                new Section(
                    $"POST to the page at {rate.ToString("N0", CultureInfo.InvariantCulture)} POSTs/s",
                    "ms",
                    [
                        new Row("p50", [.. rounds.Select(round => At(round, 0.5))]),
                        new Row("p99", [.. rounds.Select(round => At(round, 0.99))]),
                        new Row("p99.9", [.. rounds.Select(round => At(round, 0.999))]),
                        new Row("most", [.. rounds.Select(round => round[^1])]),
                    ])
                {
                    Compares = false,
                },
            ],
            $"Single POSTs on a timetable over {RoundSeconds} s a round, "
            + $"{Connections} connections; server on core 0, generator and Chromium share core 1. "
            + "The maximum is what the generator reaches while it shares core 1 with Chromium; the "
            + "server alone could take more. From the instant that a POST is due to the frame in "
            + "which the page's counter holds it.");
    }

    // Milliseconds of each POST, ascending.
    private static async Task<double[]> WatchAsync(HostServer host, WatchedPage page, double rate)
    {
        var before = await host.SettleAsync();
        await page.ForgetAsync();
        var sent = await SendAsync(host, (long)(rate * RoundSeconds), rate);
        var seen = await page.TakeAsync(before + sent.Posts);
        return Latencies(sent, rate, before, seen);
    }

    private static Task<Sent> SendAsync(HostServer host, long posts, double rate) =>
        PostSender.RunAsync(new SendPlan(host.Address, Connections, 1, posts, rate));

    /// <summary>In milliseconds, ascending; one for each POST.</summary>
    private static double[] Latencies(
        Sent sent, double rate, long before, IReadOnlyList<Seen> seen)
    {
        var latencies = new double[sent.Posts];
        var at = 0;
        for (var post = 0L; post < sent.Posts; post++)
        {
            while (seen[at].Accepted < before + post + 1)
                at++;
            latencies[post] = seen[at].AtMs - (sent.StartMs + post / rate * 1000);
        }
        Array.Sort(latencies);
        return latencies;
    }

    private static double At(double[] sorted, double share) =>
        sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];
}
