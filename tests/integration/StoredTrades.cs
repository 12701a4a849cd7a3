using System.Numerics;
using System.Text;
using System.Text.Json;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Files;

namespace TradeProcessor.Tests.Integration;

/// <summary>What a data directory's log holds, read without the host.</summary>
internal sealed class StoredTrades
{
    private static readonly BigInteger Unit = BigInteger.Pow(10, 8);

    private StoredTrades()
    {
    }

    public Dictionary<string, int> TimesByUserId { get; } = [];

    public Dictionary<(string Pair, string Country), (long Count, BigInteger Sell, BigInteger Buy)>
        Cells
    { get; } = [];

    public static StoredTrades Read(string directory)
    {
        var log = Path.Combine(directory, "log");
        var opened = JournalOpening.Open(log, null, TimeProvider.System);
        var options = new JournalOptions(log, long.MaxValue, TimeSpan.Zero);
        using var journal = new Journal(options, opened, TimeProvider.System);
        using var reader = new JournalReader(journal, 0);
        var stored = new StoredTrades();
        for (var batch = reader.Read(); !batch.IsEmpty; batch = reader.Read())
        {
            for (var rest = batch.Frames; !rest.IsEmpty;)
            {
                Assert.Equal(FrameStatus.Whole, TradeFrame.Read(rest.Span, out var header));
                foreach (var record in TradeFrame.Records(rest.Span, header))
                    stored.Add(record);
                rest = rest[header.FrameBytes..];
            }
        }
        return stored;
    }

    /// <summary>Waits until the host has counted all of it, then compares to the last digit.</summary>
    public async Task AssertCountedBy(HttpClient client)
    {
        var total = Cells.Values.Sum(cell => cell.Count);
        var limit = DateTime.UtcNow.AddSeconds(60);
        while (await TotalAsync(client) != total && DateTime.UtcNow < limit)
            await Task.Delay(50);
        Assert.Equal(total, await TotalAsync(client));

        var from = DateTime.UtcNow.AddDays(-2).ToString("yyyy-MM-ddT00:00:00Z");
        var to = DateTime.UtcNow.AddDays(2).ToString("yyyy-MM-ddT00:00:00Z");
        using var answer = JsonDocument.Parse(await client.GetStringAsync(new Uri(
            $"/api/aggregates?interval=1d&from={from}&to={to}&groupBy=pair,country",
            UriKind.Relative)));
        var counted =
            new Dictionary<(string, string), (long Count, BigInteger Sell, BigInteger Buy)>();
        foreach (var series in answer.RootElement.GetProperty("series").EnumerateArray())
        {
            var key = (series.GetProperty("pair").GetString()!,
                series.GetProperty("country").GetString()!);
            foreach (var point in series.GetProperty("points").EnumerateArray())
            {
                var (count, sell, buy) = counted.GetValueOrDefault(key);
                counted[key] = (
                    count + point.GetProperty("count").GetInt64(),
                    sell + Units(point.GetProperty("amountSell").GetRawText()),
                    buy + Units(point.GetProperty("amountBuy").GetRawText()));
            }
        }
        Assert.Equal(Cells, counted);
    }

    private static async Task<long> TotalAsync(HttpClient client)
    {
        using var summary = JsonDocument.Parse(
            await client.GetStringAsync(new Uri("/api/summary", UriKind.Relative)));
        return summary.RootElement.GetProperty("aggregated").GetInt64();
    }

    private static BigInteger Units(string number)
    {
        var parts = number.Split('.');
        var decimals = parts.Length > 1 ? parts[1] : "";
        return BigInteger.Parse(parts[0]) * Unit + BigInteger.Parse(decimals.PadRight(8, '0'));
    }

    private void Add(TradeRecord record)
    {
        var id = Encoding.UTF8.GetString(record.UserId);
        TimesByUserId[id] = TimesByUserId.GetValueOrDefault(id) + 1;
        var key = (record.Pair.ToString(), record.Country.ToString());
        var (count, sell, buy) = Cells.GetValueOrDefault(key);
        Cells[key] = (count + 1, sell + Units(record.AmountSell.ToString()),
            buy + Units(record.AmountBuy.ToString()));
    }
}
