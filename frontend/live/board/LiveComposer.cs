using System.Security.Cryptography;
using System.Text.Json;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Frontend.Live;

/// <summary>Writes messages from what the store has.</summary>
internal sealed class LiveComposer(ITradeStore store, HealthReader health, TimeProvider time)
{
    private const int RejectSamples = 10;

    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    private readonly FigureHistory _history = new();
    private readonly Dictionary<View, RankingsBody> _rankings = []; // of this second
    private readonly string _run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private long _second;
    private long _secondAt;
    private RejectsBody? _rejects; // as they were when so many had been
    private long _rejected;

    /// <summary>
    /// The number of the second, from 1; with each, a look at how the system is.
    /// </summary>
    public async ValueTask<long> SecondAsync(CancellationToken cancellation)
    {
        if (_second > 0 && time.GetElapsedTime(_secondAt) < OneSecond)
            return _second;
        _secondAt = time.GetTimestamp();
        _second++;
        _rankings.Clear();
        await health.LookAsync(cancellation);
        _history.Add(await store.SummaryAsync(cancellation), health.Figures, Now);
        return _second;
    }

    public async ValueTask<LiveMessage> SnapshotAsync(
        View view, long sequence, CancellationToken cancellation)
    {
        if (_second == 0)
            _ = await SecondAsync(cancellation);
        var reader = new ViewReader(store, view, Now);
        var summary = await store.SummaryAsync(cancellation);
        var rankings = await reader.RankingsAsync(cancellation);
        var body = new SnapshotBody(
            EpochOf(summary),
            sequence,
            Now,
            view.Range.Name,
            SummaryBody.Of(summary),
            rankings.Pairs,
            rankings.Countries,
            rankings.Flows,
            await reader.SeriesAsync(cancellation),
            await reader.FocusAsync(cancellation),
            await reader.TradesAsync(cancellation),
            await RejectsAsync(summary.Rejected, cancellation),
            health.Figures,
            _history.ToList(),
            view.Health ? health.Health : null,
            rankings.SearchedFrom);
        return new LiveMessage(
            JsonSerializer.SerializeToUtf8Bytes(body, LiveJson.Default.SnapshotBody));
    }

    public async ValueTask<LiveMessage> UpdateAsync(
        View view, Tick tick, StoreSummary summary, CancellationToken cancellation)
    {
        var reader = new ViewReader(store, view, Now);
        var trades = tick.Trades.Where(view.Shows).Reverse().Select(TradeBody.Of).ToList();
        var isDue = tick.IsNewSecond && _second % view.Range.RankingSeconds == 0;
        var rankings = isDue ? await RankingsAsync(reader, view, cancellation) : null;
        var body = new UpdateBody(
            EpochOf(summary),
            tick.Sequence,
            Now,
            SummaryBody.Of(summary),
            await reader.SeriesAsync(tick.SecondsTicks, cancellation),
            await reader.FocusAsync(tick.SecondsTicks, cancellation),
            rankings?.Pairs,
            rankings?.Countries,
            rankings?.Flows,
            trades.Count > 0 ? trades : null,
            tick.HasRejects ? await RejectsAsync(summary.Rejected, cancellation) : null,
            tick.IsNewSecond ? health.Figures : null,
            tick.IsNewSecond && view.Health ? health.Health : null,
            rankings?.SearchedFrom);
        return new LiveMessage(
            JsonSerializer.SerializeToUtf8Bytes(body, LiveJson.Default.UpdateBody));
    }

    public async ValueTask<LiveMessage> SoldAsync(View view, CancellationToken cancellation)
    {
        var body = await new ViewReader(store, view, Now).SoldAsync(cancellation);
        return new LiveMessage(
            JsonSerializer.SerializeToUtf8Bytes(body, LiveJson.Default.SoldBody));
    }

    // All cohorts are told the same in one second.
    private async ValueTask<RankingsBody> RankingsAsync(
        ViewReader reader, View view, CancellationToken cancellation)
    {
        if (!_rankings.TryGetValue(view, out var rankings))
            _rankings[view] = rankings = await reader.RankingsAsync(cancellation);
        return rankings;
    }

    private async ValueTask<RejectsBody> RejectsAsync(
        long rejected, CancellationToken cancellation)
    {
        if (_rejects is null || rejected != _rejected)
        {
            _rejects = RejectsBody.Of(await store.RejectsAsync(RejectSamples, cancellation));
            _rejected = rejected;
        }
        return _rejects;
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private string EpochOf(StoreSummary summary) => $"{summary.Epoch}.{_run}";
}
