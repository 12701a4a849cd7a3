using System.Globalization;
using System.Text.Json;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Connections;

/// <summary>
/// Very many connections: consumers on one port by <c>ops/run-many.sh</c>, each connection answered
/// 202, then POSTs over random ones of them, and in the end the accounts.
/// </summary>
/// <param name="rate">POSTs a second over them.</param>
internal sealed class CrowdMeasure(string tool, string path, int rate)
{
    private const int PerProcess = 18_000; // the kernel spreads them by chance, 20,000 is the limit
    private const int PostSeconds = 30;
    private const int Port = 8080;

    // 4 KB of the server and 10 KB of the kernel for both ends, as "idle" measures them; a server
    // process and its like on the other side; and what is to stay free.
    private const long BytesPerConnection = 14_000;
    private const long BytesPerProcess = 70L << 20;
    private const long Spare = 2L << 30;

    private static readonly Uri Consumers = new($"http://127.0.0.1:{Port}");
    private static readonly Uri Summary = new("http://127.0.0.1:8082/api/summary");
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan PostLimit = TimeSpan.FromSeconds(PostSeconds + 150);
    private static readonly TimeSpan CountLimit = TimeSpan.FromSeconds(60);

    /// <returns>Null where there is too little memory; why is printed.</returns>
    public async Task<Section[]?> MeasureAsync(int connections)
    {
        var processes = (connections + PerProcess - 1) / PerProcess;
        var needed = connections * BytesPerConnection + processes * BytesPerProcess + Spare;
        if (needed > ProcessMemory.Available)
        {
            Console.WriteLine(
                $"{connections:N0} connections are not tried: at {BytesPerConnection:N0} B each "
                + $"they need {needed >> 20:N0} MiB with {processes} processes, and "
                + $"{ProcessMemory.Available >> 20:N0} MiB are free.");
            return null;
        }
        var data = Path.Combine(path, "crowd");
        Directory.CreateDirectory(data);
        using var servers = new ChildProcess(
            "env", "BUILT=1", $"DATA={data}", "bash", Repository.Script("run-many.sh"),
            processes.ToString(CultureInfo.InvariantCulture));
        try
        {
            await ListeningAsync(servers, processes);
            return await MeasureAsync(connections, servers);
        }
        finally
        {
            servers.Terminate();
            _ = await servers.EndAsync(TimeSpan.FromMinutes(2));
            Directory.Delete(data, recursive: true);
        }
    }

    private async Task<Section[]> MeasureAsync(int connections, ChildProcess servers)
    {
        var before = OfConsumers(servers);
        var slab = ProcessMemory.Slab;
        using var held = HeldConnections.Start(
            tool, Consumers, connections, TimeSpan.FromSeconds(3),
            "--post-rate", rate.ToString(CultureInfo.InvariantCulture),
            "--post-seconds", PostSeconds.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine($"opening {connections:N0} connections");
        await held.UntilAsync("posting", TimeSpan.FromSeconds(60 + connections / 1_000));
        var open = OfConsumers(servers);
        var kernel = ProcessMemory.Slab - slab;
        await held.UntilAsync("holding", PostLimit);
        var after = OfConsumers(servers);
        var result = await held.EndAsync(TimeSpan.FromMinutes(1));
        var posts = result.GetProperty("posts");
        var acknowledged = connections + posts.GetProperty("accepted").GetInt64();
        var counted = await CountedAsync(acknowledged);
        var latency = posts.GetProperty("latencyMs");
        return
        [
            new Section(
                $"{connections:N0} connections, {(held.AreWhole(result) ? "all" : "NOT ALL")} "
                    + $"answered 202 and open at the end ({result.GetProperty("stillOpen")})",
                "MiB",
                [
                    Mebibytes("consumers (RSS) without connections", before.Rss),
                    Mebibytes("consumers (RSS), all open", open.Rss),
                    Mebibytes("consumers (RSS) after the POSTs", after.Rss),
                    Mebibytes("consumers (PSS), all open", open.Pss),
                    Mebibytes("kernel objects (slab), both ends", kernel),
                ]),
            new Section(
                $"{rate:N0} POSTs a second for {PostSeconds} s over random ones", "ms",
                [.. latency.EnumerateObject().Select(
                    quantile => new Row(quantile.Name, [quantile.Value.GetDouble()]))]),
            new Section(
                "Accounts", "POSTs",
                [
                    new Row("over open connections", [posts.GetProperty("sent").GetInt64()]),
                    new Row("answered 202", [posts.GetProperty("accepted").GetInt64()]),
                    new Row("other answers", [posts.GetProperty("otherAnswers").GetInt64()]),
                    new Row("unanswered", [posts.GetProperty("unanswered").GetInt64()]),
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
        ];
    }

    private static Row Mebibytes(string name, long bytes) => new(name, [bytes / (double)(1 << 20)]);

    private static ProcessMemory OfConsumers(ChildProcess servers) =>
        ProcessMemory.Children(servers.Id, "TradeProcessor.Consumer.dll")
            .Aggregate(default(ProcessMemory), (sum, id) => sum + ProcessMemory.Of(id));

    private static async Task ListeningAsync(ChildProcess servers, int processes)
    {
        var deadline = DateTime.UtcNow + StartLimit;
        while (File.ReadLines("/proc/net/tcp").Count(IsListener) < processes)
        {
            if (servers.HasEnded || DateTime.UtcNow > deadline)
                throw new InvalidOperationException($"They do not start: {servers.LastError}");
            await Task.Delay(200);
        }
    }

    private static bool IsListener(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words[1].EndsWith($":{Port:X4}", StringComparison.Ordinal) && words[3] == "0A";
    }

    // An answer other than 202 may have been counted, so more is no error.
    private static async Task<long> CountedAsync(long acknowledged)
    {
        using var client = new HttpClient();
        var deadline = DateTime.UtcNow + CountLimit;
        while (true)
        {
            using var summary = JsonDocument.Parse(await client.GetStringAsync(Summary));
            var counted = summary.RootElement.GetProperty("aggregated").GetInt64();
            if (counted >= acknowledged || DateTime.UtcNow > deadline)
                return counted;
            await Task.Delay(200);
        }
    }
}
