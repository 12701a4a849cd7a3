using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace TradeProcessor.Tests.Integration;

/// <summary>
/// Posts trades that can be told apart and keeps book of every request and its answer: each trade
/// has a user id that no other has.
/// </summary>
internal sealed class TradeClient(int seed)
{
    private static readonly string[] Pairs = ["EURGBP", "USDJPY", "GBPUSD", "CHFEUR", "AUDNZD"];
    private static readonly string[] Countries = ["FR", "GB", "US", "JP", "DE", "BR", "IN"];

    private long _next;

    /// <summary>User ids that were sent at all.</summary>
    public ConcurrentDictionary<string, byte> Sent { get; } = new();

    /// <summary>User ids that the host said are in the log.</summary>
    public ConcurrentDictionary<string, byte> Acknowledged { get; } = new();

    /// <summary>Posts until cancelled, singles and batches; a cut connection ends it too.</summary>
    public async Task RunAsync(HttpClient client, int lane, CancellationToken cancellation)
    {
        var random = new Random(seed * 1000 + lane);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await PostAsync(client, random.Next(3) == 0 ? random.Next(1, 20) : 1, random);
            }
            catch (HttpRequestException)
            {
                return; // killed: the outcome is unknown
            }
        }
    }

    public async Task<HttpStatusCode> PostAsync(HttpClient client, int trades, Random random)
    {
        var ids = new List<string>();
        var body = new StringBuilder();
        for (var i = 0; i < trades; i++)
        {
            var id = $"u{Interlocked.Increment(ref _next)}";
            ids.Add(id);
            _ = Sent.TryAdd(id, 0);
            _ = body.Append(Trade(id, random)).Append('\n');
        }
        using var content = new StringContent(
            body.ToString(),
            Encoding.UTF8,
            trades == 1 ? "application/json" : "application/x-ndjson");
        using var answer = await client.PostAsync(new Uri("/trades", UriKind.Relative), content);
        if (answer.StatusCode == HttpStatusCode.Accepted)
        {
            foreach (var id in ids)
                _ = Acknowledged.TryAdd(id, 0);
        }
        return answer.StatusCode;
    }

    public static string Trade(string userId, Random random)
    {
        var pair = Pairs[random.Next(Pairs.Length)];
        var country = Countries[random.Next(Countries.Length)];
        var sell = Decimal(random, 8);
        var buy = Decimal(random, 8);
        var rate = Decimal(random, 12);
        return $$"""
            {"userId":"{{userId}}","currencyFrom":"{{pair[..3]}}","currencyTo":"{{pair[3..]}}","amountSell":{{sell}},"amountBuy":{{buy}},"rate":{{rate}},"timePlaced":"24-JAN-15 10:27:44","originatingCountry":"{{country}}"}
            """;
    }

    private static string Decimal(Random random, int scale) =>
        (random.NextInt64(1, 1_000_000_000) / (decimal)Math.Pow(10, random.Next(scale + 1)))
            .ToString("0.############", CultureInfo.InvariantCulture) switch
        {
            "0" => "1",
            var text => text,
        };
}
