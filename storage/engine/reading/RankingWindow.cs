using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Reading;

/// <summary>
/// Covers a window with few cells: (1) the window ends with the fine cell that now lies in and
/// begins on the edge of a fine cell; (2) whole coarse cells inside it are read as such; (3) what
/// is left at both ends is read as fine cells. 15 minutes are 14 cells of a minute and 60 of a
/// second instead of 900, and they slide by the second.
/// </summary>
public static class RankingWindow
{
    /// <summary>Longer windows have nothing to be ranked by: the oldest cells are gone.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    // By what is kept by default: seconds for 20 minutes, minutes for 26 hours, hours for 32 days.
    private static readonly (TimeSpan UpTo, Resolution Fine, Resolution Coarse)[] Rungs =
    [
        (TimeSpan.FromMinutes(20), Resolution.Second, Resolution.Minute),
        (TimeSpan.FromHours(24), Resolution.Minute, Resolution.Hour),
        (TimeSpan.FromDays(31), Resolution.Hour, Resolution.Day),
        (Longest, Resolution.Day, Resolution.Day),
    ];

    /// <summary>Resolution to whose cells a window is rounded.</summary>
    public static Resolution ResolutionOf(TimeSpan window) => RungOf(window).Fine;

    /// <summary>Spans of time, without gap or overlap, in ascending order.</summary>
    public static IReadOnlyList<AggregateQuery> Cover(TimeSpan window, DateTime now)
    {
        var (_, fine, coarse) = RungOf(window);
        var to = fine.StartOf(now.Ticks) + fine.Ticks;
        var from = Math.Max(0, to - Up(window.Ticks, fine));
        var innerFrom = Up(from, coarse);
        var innerTo = coarse.StartOf(to);
        if (innerFrom >= innerTo)
            return [new AggregateQuery(fine, from, to)];
        AggregateQuery[] spans =
        [
            new(fine, from, innerFrom),
            new(coarse, innerFrom, innerTo),
            new(fine, innerTo, to),
        ];
        return [.. spans.Where(span => span.FromTicks < span.ToTicks)];
    }

    private static (TimeSpan UpTo, Resolution Fine, Resolution Coarse) RungOf(TimeSpan window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, Longest);
        return Array.Find(Rungs, rung => window <= rung.UpTo);
    }

    private static long Up(long ticks, Resolution resolution)
    {
        var start = resolution.StartOf(ticks);
        return start == ticks ? ticks : start + resolution.Ticks;
    }
}
