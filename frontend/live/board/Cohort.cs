using System.Collections.Concurrent;
using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>
/// Viewers that are told at the same instants, in sequence numbers of their own. Only
/// <see cref="Remove"/> may be called beside a tick or a watch.
/// </summary>
/// <param name="ticksEachSecond">Of this cohort, while there is news.</param>
internal sealed class Cohort(ILiveFeed feed, int ticksEachSecond) : IDisposable
{
    private readonly ConcurrentDictionary<string, Viewer> _viewers = new();
    private readonly Dictionary<View, LiveMessage> _snapshots = []; // of this sequence
    private readonly LiveChanges _changes = new(feed);
    private readonly int _tickOfTrades = Math.Max(1, ticksEachSecond / 2);
    private long _sequence;
    private long _second;
    private int _tickOfSecond;
    private long _rejected = -1;

    public int Count => _viewers.Count;

    public bool IsEmpty => _viewers.IsEmpty;

    public IEnumerable<Viewer> Viewers => _viewers.Values;

    /// <summary>Completes when there is something to tell, or after the time.</summary>
    public Task WaitAsync(TimeSpan limit, CancellationToken cancellation) =>
        _changes.WaitAsync(limit, cancellation);

    public void Add(string connectionId, Viewer viewer) => _viewers[connectionId] = viewer;

    /// <summary>Null where it is not of this cohort.</summary>
    public Viewer? Find(string connectionId) => _viewers.GetValueOrDefault(connectionId);

    /// <summary>Null where it is not of this cohort.</summary>
    public Viewer? Remove(string connectionId) =>
        _viewers.TryRemove(connectionId, out var viewer) ? viewer : null;

    /// <summary>
    /// The state that the next update follows; the same for all who come between two updates.
    /// </summary>
    public async ValueTask<LiveMessage> SnapshotAsync(
        LiveComposer composer, View view, CancellationToken cancellation)
    {
        if (!_snapshots.TryGetValue(view, out var snapshot))
        {
            snapshot = await composer.SnapshotAsync(view, _sequence, cancellation);
            _snapshots[view] = snapshot;
        }
        return snapshot;
    }

    /// <summary>Goes on by one: what is to be told to its viewers now.</summary>
    /// <param name="second">Rankings and figures move slowly: once a second at most.</param>
    /// <param name="rejected">How many were, until now.</param>
    public Tick Next(long second, long rejected)
    {
        var isNewSecond = second != _second;
        var before = _second == 0 ? second - 1 : _second;
        // Trades half a second behind the rankings: long messages one after the other would be more
        // than thousands of viewers take in that time. Where every tick is of a new second, in
        // every other one.
        _tickOfSecond = isNewSecond && _tickOfSecond != 0 ? 0 : _tickOfSecond + 1;
        var (seconds, trades) = _changes.Take(withAllTrades: _tickOfSecond == _tickOfTrades);
        // A number left out is a gap, on which pages ask for the present state.
        _sequence += seconds is null ? 2 : 1;
        _snapshots.Clear();
        var tick = new Tick(
            _sequence, seconds ?? [], trades, before, second, rejected != _rejected);
        (_second, _rejected) = (second, rejected);
        return tick;
    }

    public void Dispose() => _changes.Dispose();
}

/// <summary>What one update tells, whatever the view.</summary>
/// <param name="SecondsTicks">That changed, ascending.</param>
/// <param name="Trades">The newest, oldest first.</param>
/// <param name="Before">The number of the second of the tick before.</param>
/// <param name="Second">Of this one.</param>
/// <param name="HasRejects">Trades were refused since the tick before.</param>
internal sealed record Tick(
    long Sequence,
    List<long> SecondsTicks,
    List<Trade> Trades,
    long Before,
    long Second,
    bool HasRejects)
{
    /// <summary>It is time for what moves slowly.</summary>
    public bool IsNewSecond => Second != Before;

    /// <summary>
    /// Whether a second came whose number leaves the rest when it is divided by the period; slow
    /// ticks pass over some.
    /// </summary>
    public bool HasCome(int period, int rest) =>
        (Second - rest + period) / period > (Before - rest + period) / period;
}
