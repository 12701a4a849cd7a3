using System.Diagnostics;

namespace TradeProcessor.Load.Sending;

/// <summary>
/// Hands out the run's trades in order to whichever connection is free. With a rate, job k is due
/// at start + k / rate whether or not earlier ones were answered: an open loop, in which a stall
/// of the service shows as latency of all that was due meanwhile.
/// </summary>
internal sealed class WorkSource
{
    private readonly int _batch;
    private readonly double _ticksPerTrade;
    private readonly TimeSpan? _duration;
    private long _start;
    private long _end = long.MaxValue;
    private long _next;

    public WorkSource(long? count, TimeSpan? duration, int batch, double tradesPerSecond)
    {
        Trades = count ?? long.MaxValue;
        _batch = batch;
        _duration = duration;
        _ticksPerTrade = tradesPerSecond > 0 ? Stopwatch.Frequency / tradesPerSecond : 0;
        if (duration is { } time && tradesPerSecond > 0)
        {
            // A run for a time at a rate offers a known number; what of it was not sent is told.
            var jobs = (long)Math.Ceiling(time.TotalSeconds * tradesPerSecond / batch);
            Trades = Math.Min(Trades, jobs * batch);
        }
    }

    /// <summary>Trades to offer; the greatest long where only time limits the run.</summary>
    public long Trades { get; }

    public bool IsOpenLoop => _ticksPerTrade > 0;

    public void Start()
    {
        _start = Stopwatch.GetTimestamp();
        if (_duration is { } time)
            _end = _start + (long)(time.TotalSeconds * Stopwatch.Frequency);
    }

    public bool TryTake(out Job job)
    {
        job = default;
        if (_end != long.MaxValue && Stopwatch.GetTimestamp() >= _end)
            return false;

        var first = Interlocked.Add(ref _next, _batch) - _batch;
        if (first >= Trades)
            return false;

        var due = IsOpenLoop ? _start + (long)(first * _ticksPerTrade) : 0;
        job = new Job(first, (int)Math.Min(_batch, Trades - first), due);
        return true;
    }

    /// <summary>True where another job could be sent right now.</summary>
    public bool HasDue() =>
        !IsOpenLoop
        || _start + (long)(Volatile.Read(ref _next) * _ticksPerTrade) <= Stopwatch.GetTimestamp();
}
