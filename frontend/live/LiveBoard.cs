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
internal sealed class LiveBoard : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<string, Viewer> _viewers = new();
    private readonly Dictionary<View, LiveMessage> _snapshots = []; // of this sequence
    private readonly ViewReader _reader;
    private readonly LiveOptions _options;
    private readonly string _run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private readonly ITradeStore _store;
    private string _epoch = "";
    private long _sequence;
    private long _rejected = -1;

    public LiveBoard(ITradeStore store, IOptions<LiveOptions> options, TimeProvider time)
    {
        _store = store;
        _reader = new ViewReader(store, time);
        _options = options.Value;
    }

    /// <summary>
    /// Begins to send updates of the view to the connection, in place of what it watched before;
    /// returns the snapshot that they follow. Null where too many views are watched.
    /// </summary>
    public async ValueTask<LiveMessage?> WatchAsync(
        string connectionId,
        View view,
        Func<LiveMessage, Task> send,
        CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_viewers.Values.Select(x => x.View).Append(view).Distinct().Count()
                > _options.MaxViews)
            {
                return null;
            }
            if (!_snapshots.TryGetValue(view, out var snapshot))
                _snapshots[view] = snapshot = await SnapshotAsync(view, cancellation);
            if (_viewers.TryGetValue(connectionId, out var viewer))
            {
                viewer.View = view;
            }
            else
            {
                viewer = new Viewer(view, _options.ViewerQueue);
                _viewers[connectionId] = viewer;
                _ = viewer.PumpAsync(send);
            }
            return snapshot;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    public void Leave(string connectionId)
    {
        if (_viewers.TryRemove(connectionId, out var viewer))
            viewer.Close();
    }

    /// <summary>Tells all viewers what changed. Rankings move slowly: only where asked.</summary>
    public async ValueTask TickAsync(
        LiveChanges changes, bool withRankings, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var (seconds, trades) = changes.Take();
            // A number left out is a gap, on which pages ask for the present state.
            _sequence += seconds is null ? 2 : 1;
            _snapshots.Clear();
            if (_viewers.IsEmpty)
                return;
            await SetEpochAsync(cancellation);
            var rejects = await _reader.RejectsAsync(cancellation);
            var tick = new Tick(
                seconds ?? [], trades, withRankings, rejects.Total == _rejected ? null : rejects);
            _rejected = rejects.Total;
            foreach (var viewers in _viewers.Values.GroupBy(viewer => viewer.View))
            {
                var message = await UpdateAsync(viewers.Key, tick, cancellation);
                foreach (var viewer in viewers)
                    viewer.Offer(message);
            }
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask SetEpochAsync(CancellationToken cancellation) =>
        _epoch = $"{(await _store.SummaryAsync(cancellation)).Epoch}.{_run}";

    private async ValueTask<LiveMessage> SnapshotAsync(View view, CancellationToken cancellation)
    {
        await SetEpochAsync(cancellation);
        var body = new SnapshotBody(
            _epoch,
            _sequence,
            _reader.Now,
            await _reader.SummaryAsync(cancellation),
            await _reader.PairsAsync(view, cancellation),
            await _reader.CountriesAsync(view, cancellation),
            await _reader.SeriesAsync(view.Pair, view.Country, cancellation),
            view.Focus is null
                ? []
                : await _reader.SeriesAsync(view.Focus, view.Country, cancellation),
            await _reader.TradesAsync(view, cancellation),
            await _reader.RejectsAsync(cancellation));
        return new LiveMessage(
            JsonSerializer.SerializeToUtf8Bytes(body, LiveJson.Default.SnapshotBody));
    }

    private async ValueTask<LiveMessage> UpdateAsync(
        View view, Tick tick, CancellationToken cancellation)
    {
        var trades = tick.Trades.Where(view.Shows).Reverse().Select(TradeBody.Of).ToList();
        var body = new UpdateBody(
            _epoch,
            _sequence,
            _reader.Now,
            await _reader.SummaryAsync(cancellation),
            await _reader.SeriesAsync(view.Pair, view.Country, tick.SecondsTicks, cancellation),
            view.Focus is null
                ? null
                : await _reader.SeriesAsync(
                    view.Focus, view.Country, tick.SecondsTicks, cancellation),
            tick.WithRankings ? await _reader.PairsAsync(view, cancellation) : null,
            tick.WithRankings ? await _reader.CountriesAsync(view, cancellation) : null,
            trades.Count > 0 ? trades : null,
            tick.Rejects);
        return new LiveMessage(
            JsonSerializer.SerializeToUtf8Bytes(body, LiveJson.Default.UpdateBody));
    }

    private sealed record Tick(
        List<long> SecondsTicks,
        List<Trade> Trades,
        bool WithRankings,
        RejectCountsBody? Rejects);
}
