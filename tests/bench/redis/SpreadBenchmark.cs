using System.Globalization;
using System.Text.Json;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Bench.Reporting;

namespace TradeProcessor.Bench.Redis;

/// <summary>
/// One, two and four workers on one, two and four shards: what each worker counts, and that all of
/// them together have counted, to the last digit, what was acknowledged.
/// </summary>
internal static class SpreadBenchmark
{
    private const int Trades = 500_000;

    private static readonly int[] Sizes = [1, 2, 4];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <param name="path">Directory for Redis; it is left as it was.</param>
    public static async Task RunAsync(string path)
    {
        var loadTool = Repository.BuildLoadTool();
        var rows = new List<Row>();
        foreach (var shards in Sizes)
        {
            foreach (var workers in Sizes)
                rows.Add(await MeasureAsync(path, loadTool, shards, workers));
        }
        BenchReport.Show("spread", new Section(
            "Work of each worker", "trades", rows, "shards of each", "seconds", "totals"));
    }

    private static async Task<Row> MeasureAsync(
        string path, string loadTool, int shards, int workers)
    {
        using var setup = await RedisSetup.StartAsync(path, "everysec", shards, workers);
        var owned = await SharedOutAsync(setup, shards, workers);
        using var load = new ChildProcess(
            "dotnet",
            loadTool,
            "--url", setup.ConsumerUrl.OriginalString,
            "--read-url", setup.StorageUrl.OriginalString,
            "--count", Trades.ToString(CultureInfo.InvariantCulture),
            "--batch", "1000",
            "--connections", "16",
            "--retry",
            "--verify",
            "--json");
        using var result = JsonDocument.Parse(await load.EndAsync(Limit));
        var verified = result.RootElement.GetProperty("verify");
        var seconds = verified.GetProperty("secondsFromFirstPost").GetDouble();
        var counted = await setup.OfWorkersAsync("trades_aggregated_total");
        return new Row(
            $"{shards} shards, {workers} workers",
            [.. counted.Select(trades => (double)trades)],
            string.Join(' ', owned),
            seconds.ToString("F2", CultureInfo.InvariantCulture),
            verified.GetProperty("agreed").GetBoolean() && counted.Sum() == Trades
                ? "exact"
                : "WRONG");
    }

    // Workers that start together need a moment until each has its share.
    private static async Task<long[]> SharedOutAsync(RedisSetup setup, int shards, int workers)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var owned = await setup.OfWorkersAsync("shards_owned");
            if (owned.Sum() == shards && owned.Max() == (shards + workers - 1) / workers)
                return owned;
            await Task.Delay(100, limit.Token);
        }
    }
}
