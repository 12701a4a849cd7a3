using System.Security.Cryptography;
using System.Text.Json;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Frontend.Live;

/// <summary>Writes messages from what the store has.</summary>
internal sealed class LiveComposer(ITradeStore store, HealthReader health, TimeProvider time)
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    private readonly FigureHistory _history = new();
    // Of this second or the one before.
    private readonly Dictionary<View, (long Second, RankingsBody Body)> _rankings = [];
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
        foreach (var (view, read) in _rankings)
        {
            if (read.Second < _second - 1)
                _ = _rankings.Remove(view);
        }
        await health.LookAsync(cancellation);
        return _second;
    }

    /// <summary>Keeps the figures for pages that come later.</summary>
    public void Note(StoreSummary summary) => _history.Add(summary, health.Figures, Now);

    public async ValueTask<LiveMessage> SnapshotAsync(
        View view, long sequence, CancellationToken cancellation)
    {
        if (_second == 0)
            _ = await SecondAsync(cancellation);
        var reader = new ViewReader(store, view, Now);
        var summary = await store.SummaryAsync(cancellation);
        Note(summary);
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
        // Of as many as a page shows, a filter may leave a few only, and hide what came before them.
        var trades = view.IsFiltered && tick.Trades.Count == LiveChanges.MaxTrades
            ? await reader.TradesAsync(cancellation)
            : [.. tick.Trades.Where(view.Shows).Reverse().Select(TradeBody.Of)];
        // Halves of one reading in seconds of their own, so that no message is very long.
        var period = view.Range.RankingSeconds;
        var (withPairs, withRest) = (tick.HasCome(period, 0), tick.HasCome(period, 1));
        var rankings = withPairs || withRest
            ? await RankingsAsync(reader, view, _second - _second % period, cancellation)
            : null;
        var body = new UpdateBody(
            EpochOf(summary),
            tick.Sequence,
            Now,
            SummaryBody.Of(summary),
            await reader.SeriesAsync(tick.SecondsTicks, cancellation),
            await reader.FocusAsync(tick.SecondsTicks, cancellation),
            withPairs ? rankings?.Pairs : null,
            withRest ? rankings?.Countries : null,
            withRest ? rankings?.Flows : null,
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

    // All cohorts are told the same.
    private async ValueTask<RankingsBody> RankingsAsync(
        ViewReader reader, View view, long second, CancellationToken cancellation)
    {
        if (!_rankings.TryGetValue(view, out var read) || read.Second < second)
            _rankings[view] = read = (_second, await reader.RankingsAsync(cancellation));
        return read.Body;
    }

    private async ValueTask<RejectsBody> RejectsAsync(
        long rejected, CancellationToken cancellation)
    {
        if (_rejects is null || rejected != _rejected)
        {
            _rejects = RejectsBody.Of(RejectSamples.Of(
                await store.RejectsAsync(RejectSamples.Searched, cancellation)));
            _rejected = rejected;
        }
        return _rejects;
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private string EpochOf(StoreSummary summary) => $"{summary.Epoch}.{_run}";
}
