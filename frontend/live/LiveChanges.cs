using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>Gathers what the feed tells between two ticks. Thread-safe; bounded.</summary>
internal sealed class LiveChanges : IDisposable
{
    public const int MaxTrades = 50;

    // A worker that catches up touches many seconds; then pages ask for the present state.
    private const int MaxSeconds = 60;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _bell = new(0, 1);
    private readonly IDisposable _listening;
    private HashSet<long> _seconds = [];
    private bool _missed;
    private List<Trade> _trades = [];

    public LiveChanges(ILiveFeed feed) => _listening = feed.Listen(Add);

    /// <summary>Completes when something has changed since the last one, or after the time.</summary>
    public Task WaitAsync(TimeSpan limit, CancellationToken cancellation) =>
        _bell.WaitAsync(limit, cancellation);

    /// <summary>
    /// Seconds that changed, ascending, and the newest trades, oldest first. Null seconds: too
    /// many changed to tell them one by one, or some were missed.
    /// </summary>
    public (List<long>? SecondsTicks, List<Trade> Trades) Take()
    {
        lock (_gate)
        {
            var known = !_missed && _seconds.Count <= MaxSeconds;
            var taken = (known ? _seconds.Order().ToList() : null, _trades);
            _missed = false;
            _seconds = [];
            _trades = [];
            return taken;
        }
    }

    public void Dispose()
    {
        _listening.Dispose();
        _bell.Dispose();
    }

    private void Add(LiveUpdate update)
    {
        lock (_gate)
        {
            _missed |= update.SecondsTicks is null;
            _seconds.UnionWith(update.SecondsTicks ?? []);
            _trades.AddRange(update.NewestTrades);
            if (_trades.Count > MaxTrades)
                _trades.RemoveRange(0, _trades.Count - MaxTrades);
            if (_bell.CurrentCount == 0)
                _ = _bell.Release();
        }
    }
}
