using System.Globalization;
using System.Text;

namespace TradeProcessor.Tests.Faults.Clients;

/// <summary>How the trades of a request are written.</summary>
internal enum BodyShape
{
    Single,
    Array,
    Lines,
}

/// <summary>Trades of one page in one body, each with a user id that no other has.</summary>
internal sealed class TradeRequest
{
    private static long _nextUser;

    private readonly BodyShape _shape;

    public TradeRequest(Page page, BodyShape shape, int trades, Random random)
    {
        _shape = shape;
        Page = page;
        Trades = [.. Enumerable.Range(0, trades).Select(_ => new TradeSums(
            1, (ulong)RandomUnits(random), (ulong)RandomUnits(random)))];
        var texts = Trades.Select(trade => Text(page, trade));
        Body = Encoding.ASCII.GetBytes(shape switch
        {
            BodyShape.Single => texts.Single(),
            BodyShape.Array => $"[{string.Join(',', texts)}]",
            _ => string.Join('\n', texts),
        });
    }

    public Page Page { get; }

    public IReadOnlyList<TradeSums> Trades { get; }

    public byte[] Body { get; }

    public string MediaType =>
        _shape == BodyShape.Lines ? "application/x-ndjson" : "application/json";

    // 18 digits, 8 of them decimals.
    private static long RandomUnits(Random random) =>
        random.NextInt64(100_000_000_000_000_000, 1_000_000_000_000_000_000);

    private static string Text(Page page, TradeSums trade) => $$"""
        {"userId":"u{{Interlocked.Increment(ref _nextUser)}}","currencyFrom":"{{page.Pair[..3]}}","currencyTo":"{{page.Pair[4..]}}","amountSell":{{Amount(trade.Sell)}},"amountBuy":{{Amount(trade.Buy)}},"rate":0.7471,"timePlaced":"24-JAN-15 10:27:44","originatingCountry":"{{page.Country}}"}
        """;

    private static string Amount(UInt128 units) => string.Create(
        CultureInfo.InvariantCulture, $"{units / 100_000_000}.{(ulong)(units % 100_000_000):00000000}");
}
