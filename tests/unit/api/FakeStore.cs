using System.Text;
using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Api;

/// <summary>Answers from a list of trades, the plain way.</summary>
internal sealed class FakeStore : ITradeStore, IDeadLetters
{
    public static readonly DateTime Now = new(2026, 3, 4, 12, 30, 45, 500, DateTimeKind.Utc);

    public List<Trade> Accepted { get; } = [];

    public StoreSummary Summary { get; set; } = new("e", 0, 0, 0, 0, 0, 0, null);

    public RejectReport Rejects { get; set; } = new(0, new Dictionary<string, long>(), []);

    public DeadReport Dead { get; set; } = new(0, 0, []);

    public Exception? Failure { get; set; }

    public List<AggregateQuery> Queries { get; } = [];

    /// <summary>Held up before each query of aggregates.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public void Add(
        string at,
        string pair,
        string country,
        string amountSell,
        string amountBuy,
        string rate,
        string userId = "134256")
    {
        var codes = pair.Split('/');
        Accepted.Add(new Trade(
            userId,
            AssetCode.Parse(codes[0]),
            AssetCode.Parse(codes[1]),
            Number(amountSell),
            Number(amountBuy),
            Number(rate),
            new DateTime(2015, 1, 24, 10, 27, 44, DateTimeKind.Utc),
            Country(country),
            DateTime.Parse(at, null, System.Globalization.DateTimeStyles.AdjustToUniversal)));
    }

    public static ExactDecimal Number(string text)
    {
        var decimals = text.Contains('.') ? text.Length - text.IndexOf('.') - 1 : 0;
        return new ExactDecimal(ulong.Parse(text.Replace(".", "")), (byte)decimals);
    }

    public ValueTask<StoreSummary> SummaryAsync(CancellationToken cancellation) =>
        ValueTask.FromResult(Checked(Summary));

    public async ValueTask<IReadOnlyList<Series>> QueryAsync(
        AggregateQuery query, CancellationToken cancellation)
    {
        await Before(cancellation);
        lock (Queries)
            Queries.Add(query);
        var cells = Accepted
            .Where(trade => Pair(trade) == (query.Pair ?? Pair(trade))
                && trade.OriginatingCountry == (query.Country ?? trade.OriginatingCountry))
            .Select(trade => (
                Start: query.Resolution.StartOf(trade.ReceivedAt.Ticks),
                Pair: query.GroupBy.HasFlag(Grouping.Pair) ? Pair(trade) : (CurrencyPair?)null,
                Country: query.GroupBy.HasFlag(Grouping.Country)
                    ? trade.OriginatingCountry
                    : (CountryCode?)null,
                Value: Aggregate.Of(
                    trade.AmountSell, trade.AmountBuy, trade.Rate, trade.ReceivedAt.Ticks)))
            .Where(cell => cell.Start >= query.FromTicks && cell.Start < query.ToTicks);
        IReadOnlyList<Series> series = [.. cells
            .GroupBy(cell => (cell.Pair, cell.Country))
            .OrderBy(group => group.Key.Pair.ToString(), StringComparer.Ordinal)
            .ThenBy(group => group.Key.Country.ToString(), StringComparer.Ordinal)
            .Select(group => new Series(group.Key.Pair, group.Key.Country, [.. group
                .GroupBy(cell => cell.Start, cell => cell.Value)
                .OrderBy(point => point.Key)
                .Select(point => new SeriesPoint(point.Key, Merged(point)))]))];
        return Checked(series);
    }

    public ValueTask<IReadOnlyList<Trade>> TradesAsync(
        TradeQuery query, CancellationToken cancellation) =>
        ValueTask.FromResult(Checked<IReadOnlyList<Trade>>([.. Accepted
            .Where(trade => Pair(trade) == (query.Pair ?? Pair(trade))
                && trade.OriginatingCountry == (query.Country ?? trade.OriginatingCountry)
                && trade.UserId == (query.UserId ?? trade.UserId))
            .OrderByDescending(trade => trade.ReceivedAt)
            .Take(query.Limit)]));

    public ValueTask<RejectReport> RejectsAsync(int limit, CancellationToken cancellation) =>
        ValueTask.FromResult(Checked(
            Rejects with { Recent = [.. Rejects.Recent.Take(limit)] }));

    public ValueTask<DeadReport> ListAsync(int limit, CancellationToken cancellation) =>
        ValueTask.FromResult(Checked(Dead with { Recent = [.. Dead.Recent.Take(limit)] }));

    public ValueTask<DeadOutcome> ReplayAsync(string? id, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<DeadOutcome> PurgeAsync(string? id, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public static Aggregate Merged(IEnumerable<Aggregate> values)
    {
        var all = default(Aggregate);
        foreach (var value in values)
            all.Merge(value);
        return all;
    }

    private static CurrencyPair Pair(Trade trade) => new(trade.CurrencyFrom, trade.CurrencyTo);

    private static CountryCode Country(string text) =>
        CountryCode.TryParse(Encoding.ASCII.GetBytes(text), out var country)
            ? country
            : throw new FormatException(text);

    private T Checked<T>(T value) => Failure is null ? value : throw Failure;
}
