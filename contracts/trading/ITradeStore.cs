namespace TradeProcessor.Contracts;

/// <summary>Totals of the store.</summary>
/// <param name="Epoch">Identity of the store's content; another one after a reset.</param>
/// <param name="LagSeconds">Age of the oldest logged trade that is not counted; 0 for none.</param>
/// <param name="TradesPerSecond">Mean over the last five whole seconds.</param>
/// <param name="Since">Time of receipt of the first trade; null before it.</param>
public sealed record StoreSummary(
    string Epoch,
    long Aggregated,
    long Rejected,
    int Pairs,
    int Countries,
    double LagSeconds,
    double TradesPerSecond,
    DateTime? Since);

/// <summary>Which dimensions a series keeps apart.</summary>
[Flags]
public enum Grouping
{
    None = 0,
    Pair = 1,
    Country = 2,
}

/// <param name="FromTicks">First instant, inclusive; intervals that begin from here on.</param>
/// <param name="ToTicks">Last instant, exclusive.</param>
public sealed record AggregateQuery(
    Resolution Resolution,
    long FromTicks,
    long ToTicks,
    CurrencyPair? Pair = null,
    CountryCode? Country = null,
    Grouping GroupBy = Grouping.None);

/// <summary>An interval's aggregate within a series.</summary>
public readonly record struct SeriesPoint(long StartTicks, Aggregate Value);

/// <summary>Points in ascending time. A dimension that was not grouped by is null.</summary>
public sealed record Series(
    CurrencyPair? Pair, CountryCode? Country, IReadOnlyList<SeriesPoint> Points);

/// <summary>A filter that is null lets everything through.</summary>
public sealed record TradeQuery(
    int Limit, CurrencyPair? Pair = null, CountryCode? Country = null, string? UserId = null);

/// <summary>What the storage API and the frontend read.</summary>
public interface ITradeStore
{
    ValueTask<StoreSummary> SummaryAsync(CancellationToken cancellation);

    /// <summary>Series by pair, then country, in ascending order of their codes.</summary>
    ValueTask<IReadOnlyList<Series>> QueryAsync(
        AggregateQuery query, CancellationToken cancellation);

    /// <summary>The newest trades, newest first, out of a bounded ring.</summary>
    ValueTask<IReadOnlyList<Trade>> TradesAsync(TradeQuery query, CancellationToken cancellation);

    ValueTask<RejectReport> RejectsAsync(int limit, CancellationToken cancellation);
}
