using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using TradeProcessor.Consumer.Intake;
using TradeProcessor.Consumer.Transport;

namespace TradeProcessor.Consumer.Lane;

/// <summary>
/// Gathers what the connections of one loop submit, and hands it to the log's writers when the
/// loop has read all that is there, or after <see cref="LongestUs"/>: on a busy processor a flush
/// then stands for more requests. On an idle one nothing waits. It also keeps the batches that they
/// use in turn.
/// </summary>
internal sealed class LoopIntake(ConnectionLoop loop, TradeIntake intake)
{
    private const long LongestUs = 1000;

    // With their submissions some 2 KB each. More are under way only where the log is slow; the
    // surplus is let go.
    private const int PooledBatches = 8192;

    private static readonly long LongestTicks = LongestUs * Stopwatch.Frequency / 1_000_000;

    private readonly List<Submission> _gathered = [];

    // The last one first: it is still in the processor's cache.
    private readonly Stack<LaneBatch> _batches = new();
    private long _since;

    /// <summary>A batch that was returned; false where there is none, or on another thread.
    /// </summary>
    public bool TryRent([NotNullWhen(true)] out LaneBatch? batch)
    {
        batch = null;
        return loop.IsCurrent && _batches.TryPop(out batch);
    }

    /// <summary>False where it has enough, or on another thread.</summary>
    public bool TryReturn(LaneBatch batch)
    {
        if (!loop.IsCurrent || _batches.Count >= PooledBatches)
            return false;
        _batches.Push(batch);
        return true;
    }

    /// <param name="now">Timestamp.</param>
    public ValueTask<LogOutcome?> SubmitAsync(Submission submission, long now)
    {
        // A connection's first read is on the thread pool.
        if (!loop.IsCurrent)
            return intake.SubmitAsync(submission);
        if (_gathered.Count == 0)
        {
            _since = now;
            loop.ScheduleAtRest(static state => ((LoopIntake)state!).HandOver(), this);
        }
        _gathered.Add(submission);
        if (now - _since > LongestTicks)
            HandOver();
        return submission.WaitAsync();
    }

    private void HandOver()
    {
        foreach (var submission in _gathered)
            intake.Submit(submission);
        _gathered.Clear();
    }
}
