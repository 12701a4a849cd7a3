namespace TradeProcessor.Contracts;

/// <summary>Length of an aggregation interval.</summary>
public enum Resolution
{
    Second,
    Minute,
    Hour,
    Day,
}

/// <summary>Intervals are aligned to UTC; instants are UTC ticks of 100 ns since 0001-01-01.</summary>
public static class Resolutions
{
    public const int Count = 4;

    public static ReadOnlySpan<Resolution> All =>
        [Resolution.Second, Resolution.Minute, Resolution.Hour, Resolution.Day];

    extension(Resolution resolution)
    {
        /// <summary>Length in ticks.</summary>
        public long Ticks => resolution switch
        {
            Resolution.Second => TimeSpan.TicksPerSecond,
            Resolution.Minute => TimeSpan.TicksPerMinute,
            Resolution.Hour => TimeSpan.TicksPerHour,
            Resolution.Day => TimeSpan.TicksPerDay,
            _ => throw new ArgumentOutOfRangeException(nameof(resolution)),
        };

        /// <summary>As it is written in requests: 1s, 1m, 1h, 1d.</summary>
        public string Name => resolution switch
        {
            Resolution.Second => "1s",
            Resolution.Minute => "1m",
            Resolution.Hour => "1h",
            Resolution.Day => "1d",
            _ => throw new ArgumentOutOfRangeException(nameof(resolution)),
        };

        /// <summary>Start of the interval that the instant lies in.</summary>
        public long StartOf(long ticks) => ticks - ticks % resolution.Ticks;
    }

    /// <summary>Reads 1s, 1m, 1h or 1d.</summary>
    public static bool TryParse(string? name, out Resolution resolution)
    {
        foreach (var candidate in All)
        {
            if (candidate.Name == name)
            {
                resolution = candidate;
                return true;
            }
        }
        resolution = default;
        return false;
    }
}
