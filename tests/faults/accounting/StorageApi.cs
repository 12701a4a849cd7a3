using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using TradeProcessor.Tests.Faults.Clients;

namespace TradeProcessor.Tests.Faults.Accounting;

/// <summary>What a storage API says was counted.</summary>
internal static class StorageApi
{
    private static readonly TimeSpan RetryLimit = TimeSpan.FromSeconds(20);

    public static async Task<long> AggregatedAsync(HttpClient client)
    {
        using var summary = await ReadAsync(client, "/api/summary");
        return summary.RootElement.GetProperty("aggregated").GetInt64();
    }

    /// <summary>All days' cells, each pair and country.</summary>
    public static async Task<Dictionary<(string Pair, string Country), TradeSums>> CellsAsync(
        HttpClient client)
    {
        var from = Day(-2);
        var to = Day(2);
        using var answer = await ReadAsync(
            client, $"/api/aggregates?interval=1d&from={from}&to={to}&groupBy=pair,country");
        var cells = new Dictionary<(string, string), TradeSums>();
        foreach (var series in answer.RootElement.GetProperty("series").EnumerateArray())
        {
            var key = (series.GetProperty("pair").GetString()!,
                series.GetProperty("country").GetString()!);
            foreach (var point in series.GetProperty("points").EnumerateArray())
            {
                cells[key] = cells.GetValueOrDefault(key) + new TradeSums(
                    point.GetProperty("count").GetInt64(),
                    Units(point.GetProperty("amountSell").GetRawText()),
                    Units(point.GetProperty("amountBuy").GetRawText()));
            }
        }
        return cells;
    }

    // As the answer asks: where it says 503, again after a moment.
    private static async Task<JsonDocument> ReadAsync(HttpClient client, string path)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            var body = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode)
                return JsonDocument.Parse(body);
            Assert.True(
                answer.StatusCode == HttpStatusCode.ServiceUnavailable
                    && started.Elapsed < RetryLimit,
                $"{path}: {(int)answer.StatusCode} {body}");
            await Task.Delay(answer.Headers.RetryAfter!.Delta!.Value);
        }
    }

    private static string Day(int offset) => DateTime.UtcNow.AddDays(offset)
        .ToString("yyyy-MM-ddT00:00:00Z", CultureInfo.InvariantCulture);

    private static UInt128 Units(string number)
    {
        var parts = number.Split('.');
        var decimals = (parts.Length > 1 ? parts[1] : "").PadRight(8, '0');
        return UInt128.Parse(parts[0] + decimals, CultureInfo.InvariantCulture);
    }
}
