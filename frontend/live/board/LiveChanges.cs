using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>Gathers what the feed tells between two ticks. Thread-safe; bounded.</summary>
internal sealed class LiveChanges : IDisposable
{
    public const int MaxTrades = 25;

    // A worker that catches up touches many seconds; then pages ask for the present state.
    private const int MaxSeconds = 60;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _bell = new(0, 1);
    private readonly IDisposable _listening;
    private HashSet<long> _seconds = [];
    private bool _missed;
    private List<Trade> _trades = [];

    public LiveChanges(ILiveFeed feed) => _listening = feed.Listen(Add);

    /// <summary>
    /// Completes when something has changed since the last one, or after the time.
    /// </summary>
    public Task WaitAsync(TimeSpan limit, CancellationToken cancellation) =>
        _bell.WaitAsync(limit, cancellation);

    /// <summary>
    /// Seconds that changed, ascending, and the newest trades, oldest first. Null seconds: too
    /// many changed to tell them one by one, or some were missed.
    /// </summary>
    /// <param name="withAllTrades">
    /// Where there are as many trades as a page shows, it is told once a second which are the
    /// newest: nobody reads faster, and a second has four ticks.
    /// </param>
    public (List<long>? SecondsTicks, List<Trade> Trades) Take(bool withAllTrades = true)
    {
        lock (_gate)
        {
            var known = !_missed && _seconds.Count <= MaxSeconds;
            var seconds = known ? _seconds.Order().ToList() : null;
            _missed = false;
            _seconds = [];
            if (!withAllTrades && _trades.Count == MaxTrades)
                return (seconds, []);
            var trades = _trades;
            _trades = [];
            return (seconds, trades);
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
