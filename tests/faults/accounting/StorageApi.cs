using System.Globalization;
using System.Text.Json;
using TradeProcessor.Tests.Faults.Clients;

namespace TradeProcessor.Tests.Faults.Accounting;

/// <summary>What a storage API says was counted.</summary>
internal static class StorageApi
{
    public static async Task<long> AggregatedAsync(HttpClient client)
    {
        using var summary = JsonDocument.Parse(
            await client.GetStringAsync(new Uri("/api/summary", UriKind.Relative)));
        return summary.RootElement.GetProperty("aggregated").GetInt64();
    }

    /// <summary>All days' cells, each pair and country.</summary>
    public static async Task<Dictionary<(string Pair, string Country), TradeSums>> CellsAsync(
        HttpClient client)
    {
        var from = Day(-2);
        var to = Day(2);
        using var answer = JsonDocument.Parse(await client.GetStringAsync(new Uri(
            $"/api/aggregates?interval=1d&from={from}&to={to}&groupBy=pair,country",
            UriKind.Relative)));
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

    private static string Day(int offset) => DateTime.UtcNow.AddDays(offset)
        .ToString("yyyy-MM-ddT00:00:00Z", CultureInfo.InvariantCulture);

    private static UInt128 Units(string number)
    {
        var parts = number.Split('.');
        var decimals = (parts.Length > 1 ? parts[1] : "").PadRight(8, '0');
        return UInt128.Parse(parts[0] + decimals, CultureInfo.InvariantCulture);
    }
}
