using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Api.Queries;

/// <summary>Which intervals <c>from</c> and <c>to</c> ask for.</summary>
internal static class TimeSpanRule
{
    /// <summary>More than a day of seconds.</summary>
    public const int MaxIntervals = 100_000;

    /// <summary>What is shown where a request does not say: enough for a chart.</summary>
    public static TimeSpan DefaultOf(Resolution interval) => interval switch
    {
        Resolution.Second => TimeSpan.FromMinutes(15),
        Resolution.Minute => TimeSpan.FromHours(24),
        Resolution.Hour => TimeSpan.FromDays(30),
        _ => TimeSpan.FromDays(365),
    };

    /// <summary>
    /// <c>to</c> is now, and <c>from</c> the default span before it, where they are not given.
    /// Both are moved outwards to the edges of intervals.
    /// </summary>
    public static (long FromTicks, long ToTicks) Read(
        QueryRules rules, Resolution interval, string? from, string? to, DateTime now)
    {
        var last = rules.Instant("to", to) ?? now;
        var least = Math.Max(0, last.Ticks - DefaultOf(interval).Ticks);
        var first = rules.Instant("from", from)?.Ticks ?? least;
        if (rules.Problem is not null)
            return default;
        if (first >= last.Ticks)
        {
            rules.Refuse("from", from, string.IsNullOrEmpty(to)
                ? "must be before to, which is now where it is not given"
                : $"must be before to = '{to}'");
            return default;
        }
        var fromTicks = interval.StartOf(first);
        var toTicks = interval.StartOf(last.Ticks - 1) + interval.Ticks;
        var intervals = (toTicks - fromTicks) / interval.Ticks;
        if (intervals > MaxIntervals)
        {
            rules.Refuse("from", from,
                $"must leave at most {MaxIntervals} intervals of {interval.Name} until to, not "
                + $"{intervals}; move from and to together, or take a longer interval");
        }
        return (fromTicks, toTicks);
    }
}
