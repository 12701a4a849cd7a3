using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;
using TradeProcessor.Serving;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// Who watches what, and what they are told. A tick and a watch exclude each other, so a snapshot
/// holds exactly the changes up to its sequence and the next update holds those after it.
/// </summary>
internal sealed class LiveBoard(
    ITradeStore store,
    HealthReader health,
    LiveMetrics? metrics,
    IOptions<LiveOptions> options,
    TimeProvider time) : IDisposable
{
    private const int RejectSamples = 10;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<string, Viewer> _viewers = new();
    private readonly Dictionary<View, LiveMessage> _snapshots = []; // of this sequence
    private readonly FigureHistory _history = new();
    private readonly LiveOptions _options = options.Value;
    private readonly string _run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private string _epoch = "";
    private long _sequence;
    private long _rejected = -1;
    private long _seconds;
    private int _tickOfSecond;

    /// <summary>
    /// Begins to send updates of the view to the connection, in place of what it watched before;
    /// returns the snapshot that they follow. Null where too many views are watched.
    /// </summary>
    public async ValueTask<LiveMessage?> WatchAsync(
        string connectionId, View view, IViewerLink link, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var isKnown = _viewers.Values.Any(viewer => viewer.View == view);
            if (!isKnown && _viewers.Values.Select(viewer => viewer.View).Distinct().Count()
                >= _options.MaxViews)
            {
                return null;
            }
            if (!_snapshots.TryGetValue(view, out var snapshot))
                _snapshots[view] = snapshot = await SnapshotAsync(view, cancellation);
            if (_viewers.TryGetValue(connectionId, out var viewer))
                viewer.View = view;
            else
                _viewers[connectionId] = new Viewer(view, link, _options.ViewerQueue, time);
            return snapshot;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    public void Leave(string connectionId)
    {
        if (!_viewers.TryRemove(connectionId, out var viewer))
            return;
        viewer.Close();
        metrics?.Dropped(viewer.Dropped);
    }

    /// <summary>Tells all viewers what changed.</summary>
    /// <param name="isNewSecond">Rankings and figures move slowly: once a second at most.</param>
    public async ValueTask TickAsync(
        LiveChanges changes, bool isNewSecond, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            // Not in the tick of the rankings, so that no message is much longer than others. Where
            // every tick is of a new second, in every other one.
            _tickOfSecond = isNewSecond && _tickOfSecond != 0 ? 0 : _tickOfSecond + 1;
            var (seconds, trades) = changes.Take(withAllTrades: _tickOfSecond == 1);
            // A number left out is a gap, on which pages ask for the present state.
            _sequence += seconds is null ? 2 : 1;
            _seconds += isNewSecond ? 1 : 0;
            _snapshots.Clear();
            if (isNewSecond)
                await LookAsync(cancellation);
            if (_viewers.IsEmpty)
                return;
            var summary = await SummaryAsync(cancellation);
            var rejects = await RejectsAsync(summary, cancellation);
            var tick = new Tick(seconds ?? [], trades, summary, isNewSecond, rejects);
            foreach (var viewers in _viewers.Values.GroupBy(viewer => viewer.View))
            {
                var message = await UpdateAsync(viewers.Key, tick, cancellation);
                foreach (var viewer in viewers)
                    Tell(viewer, message);
            }
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private void Tell(Viewer viewer, LiveMessage message)
    {
        if (viewer.CutIfStuck(_options.CutOffAfter))
            metrics?.CutOff();
        else
            viewer.Offer(message);
    }

    private async ValueTask LookAsync(CancellationToken cancellation)
    {
        await health.LookAsync(cancellation);
        _history.Add(await store.SummaryAsync(cancellation), health.Figures, Now);
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private async ValueTask<SummaryBody> SummaryAsync(CancellationToken cancellation)
    {
        var summary = await store.SummaryAsync(cancellation);
        _epoch = $"{summary.Epoch}.{_run}";
        return SummaryBody.Of(summary);
    }

    private async ValueTask<RejectsBody?> RejectsAsync(
        SummaryBody summary, CancellationToken cancellation)
    {
        if (summary.Rejected == _rejected)
            return null;
        _rejected = summary.Rejected;
        return RejectsBody.Of(await store.RejectsAsync(RejectSamples, cancellation));
    }

    private async ValueTask<LiveMessage> SnapshotAsync(View view, CancellationToken cancellation)
    {
        if (_seconds == 0)
            await LookAsync(cancellation);
        var reader = new ViewReader(store, view, Now);
        var summary = await SummaryAsync(cancellation);
        var rankings = await reader.RankingsAsync(cancellation);
        var body = new SnapshotBody(
            _epoch,
            _sequence,
            Now,
            view.Range.Name,
            summary,
            rankings.Pairs,
            rankings.Countries,
            rankings.Flows,
            await reader.SeriesAsync(cancellation),
            await reader.FocusAsync(cancellation),
            await reader.TradesAsync(cancellation),
            RejectsBody.Of(await store.RejectsAsync(RejectSamples, cancellation)),
            health.Figures,
            _history.ToList(),
            view.Health ? health.Health : null,
            rankings.SearchedFrom);
        return new LiveMessage(
            JsonSerializer.SerializeToUtf8Bytes(body, LiveJson.Default.SnapshotBody));
    }

    private async ValueTask<LiveMessage> UpdateAsync(
        View view, Tick tick, CancellationToken cancellation)
    {
        var reader = new ViewReader(store, view, Now);
        var trades = tick.Trades.Where(view.Shows).Reverse().Select(TradeBody.Of).ToList();
        var isDue = tick.IsNewSecond && _seconds % view.Range.RankingSeconds == 0;
        var rankings = isDue ? await reader.RankingsAsync(cancellation) : null;
        var body = new UpdateBody(
            _epoch,
            _sequence,
            Now,
            tick.Summary,
            await reader.SeriesAsync(tick.SecondsTicks, cancellation),
            await reader.FocusAsync(tick.SecondsTicks, cancellation),
            rankings?.Pairs,
            rankings?.Countries,
            rankings?.Flows,
            trades.Count > 0 ? trades : null,
            tick.Rejects,
            tick.IsNewSecond ? health.Figures : null,
            tick.IsNewSecond && view.Health ? health.Health : null,
            rankings?.SearchedFrom);
        return new LiveMessage(
            JsonSerializer.SerializeToUtf8Bytes(body, LiveJson.Default.UpdateBody));
    }

    private sealed record Tick(
        List<long> SecondsTicks,
        List<Trade> Trades,
        SummaryBody Summary,
        bool IsNewSecond,
        RejectsBody? Rejects);
}
