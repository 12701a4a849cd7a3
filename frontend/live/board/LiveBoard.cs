using Microsoft.Extensions.Options;
using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// Who watches what, and what they are told. A tick and a watch exclude each other, so a snapshot
/// holds exactly the changes up to its sequence and the next update holds those after it.
/// </summary>
internal sealed class LiveBoard(
    ITradeStore store,
    ILiveFeed feed,
    HealthReader health,
    LiveMetrics? metrics,
    IOptions<LiveOptions> options,
    TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly LiveComposer _composer = new(store, health, time);
    private readonly Cohorts _cohorts = new(feed, options.Value);
    private readonly LiveOptions _options = options.Value;

    /// <summary>Each tick is for one of so many cohorts, in turn.</summary>
    public int Cohorts => _cohorts.Count;

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
            var views = _cohorts.Viewers.Select(viewer => viewer.View).ToHashSet();
            if (!views.Contains(view) && views.Count >= _options.MaxViews)
                return null;
            var cohort = _cohorts.Of(connectionId);
            var snapshot = await cohort.SnapshotAsync(_composer, view, cancellation);
            if (cohort.Find(connectionId) is { } viewer)
                viewer.View = view;
            else
                cohort.Add(connectionId, new Viewer(view, link, _options.ViewerQueue, time));
            // It may have ended, and left, before it was there.
            if (cancellation.IsCancellationRequested)
                Leave(connectionId);
            return snapshot;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    /// <summary>What was sold in a view, whoever watches it.</summary>
    public ValueTask<LiveMessage> SoldAsync(View view, CancellationToken cancellation) =>
        _composer.SoldAsync(view, cancellation);

    public void Leave(string connectionId)
    {
        if (_cohorts.Remove(connectionId) is not { } viewer)
            return;
        viewer.Close();
        metrics?.Dropped(viewer.Dropped);
    }

    /// <summary>
    /// Completes when something has changed since the cohort whose turn it is was told, or after
    /// the time.
    /// </summary>
    public Task WaitAsync(TimeSpan limit, CancellationToken cancellation) =>
        _cohorts.Next.WaitAsync(limit, cancellation);

    /// <summary>Tells the viewers whose turn it is what changed.</summary>
    public async ValueTask TickAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var second = await _composer.SecondAsync(cancellation);
            var summary = await store.SummaryAsync(cancellation);
            _composer.Note(summary);
            var cohort = _cohorts.Next;
            _cohorts.Advance();
            var tick = cohort.Next(second, summary.Rejected);
            foreach (var viewers in cohort.Viewers.GroupBy(viewer => viewer.View))
            {
                var message =
                    await _composer.UpdateAsync(viewers.Key, tick, summary, cancellation);
                foreach (var viewer in viewers)
                    Tell(viewer, message);
            }
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    public void Dispose()
    {
        _cohorts.Dispose();
        _turn.Dispose();
    }

    private void Tell(Viewer viewer, LiveMessage message)
    {
        if (viewer.CutIfStuck(_options.CutOffAfter))
            metrics?.CutOff();
        else
            viewer.Offer(message);
    }
}
