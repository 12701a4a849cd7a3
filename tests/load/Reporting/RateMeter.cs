using System.Diagnostics;

namespace TradeProcessor.Load.Reporting;

/// <summary>Count so far and rate since the last look, for the progress line.</summary>
internal sealed class RateMeter(Func<long> count)
{
    private long _lastCount;
    private long _lastTime = Stopwatch.GetTimestamp();

    public string Describe()
    {
        var now = Stopwatch.GetTimestamp();
        var current = count();
        var seconds = Math.Max(1e-3, Stopwatch.GetElapsedTime(_lastTime, now).TotalSeconds);
        var rate = (current - _lastCount) / seconds;
        (_lastCount, _lastTime) = (current, now);
        return $"{current:N0} accepted, {rate:N0}/s";
    }
}
