using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Cells;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Reads what workers have committed. A query (1) reads the totals of its intervals; (2) where
/// these are not enough, reads the cells of those whose stamp is not that of the cells it has
/// kept; (3) merges them.
/// </summary>
internal sealed class RedisStore : ITradeStore
{
    // Frontends ask once a view and tick: a tick has 250 ms.
    private static readonly TimeSpan SummaryAge = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TradesAge = TimeSpan.FromMilliseconds(100);

    // A range of more intervals is cut to the time that the store knows.
    private const int LongRange = 200_000;

    private readonly RedisBackEnd _backEnd;
    private readonly SharedRead<SummaryReader.Answer> _summary;
    private readonly SharedRead<List<RecordBlock>> _trades;

    public RedisStore(RedisBackEnd backEnd, TimeProvider time)
    {
        _backEnd = backEnd;
        Cache = new CellCache(backEnd.Options.CacheBytes);
        Reader = new CellReader(backEnd.Link, Cache);
        var summaries = new SummaryReader(backEnd, time);
        _summary = new SharedRead<SummaryReader.Answer>(SummaryAge, time, summaries.ReadAsync);
        _trades = new SharedRead<List<RecordBlock>>(
            TradesAge, time, () => RecentReader.ReadAsync(backEnd));
    }

    public CellCache Cache { get; }

    public CellReader Reader { get; }

    public async ValueTask<StoreSummary> SummaryAsync(CancellationToken cancellation) =>
        (await _summary.GetAsync(cancellation)).Summary;

    public async ValueTask<IReadOnlyList<Series>> QueryAsync(
        AggregateQuery query, CancellationToken cancellation)
    {
        var (from, to) = await RangeAsync(query, cancellation);
        var totals = await Reader.TotalsAsync(
            _backEnd.ShardCount, query.Resolution, from, to, cancellation);
        var blocks = SeriesBuilder.IsOfTotals(query)
            ? totals.Select(total => CellBlock.OfTotal(total.StartTicks, total.Total))
            : await Reader.CellsAsync(query.Resolution, totals, cancellation);
        return SeriesBuilder.Build(query, blocks, cancellation);
    }

    public async ValueTask<IReadOnlyList<Trade>> TradesAsync(
        TradeQuery query, CancellationToken cancellation) =>
        RecentReader.Find(await _trades.GetAsync(cancellation), query);

    public ValueTask<RejectReport> RejectsAsync(int limit, CancellationToken cancellation) =>
        RedisRejects.ReadAsync(_backEnd.Link, limit, cancellation);

    private async ValueTask<(long FromTicks, long ToTicks)> RangeAsync(
        AggregateQuery query, CancellationToken cancellation)
    {
        var length = query.Resolution.Ticks;
        if ((query.ToTicks - query.FromTicks) / length <= LongRange)
            return (query.FromTicks, query.ToTicks);
        var (summary, logTimeTicks) = await _summary.GetAsync(cancellation);
        var since = query.Resolution.StartOf(summary.Since?.Ticks ?? 0);
        return (
            Math.Max(query.FromTicks, since),
            Math.Min(query.ToTicks, query.Resolution.StartOf(logTimeTicks) + length));
    }
}
