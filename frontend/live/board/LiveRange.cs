using TradeProcessor.Contracts;

namespace TradeProcessor.Frontend.Live;

/// <summary>How far back a view looks.</summary>
internal enum LiveRange
{
    QuarterHour,
    Day,
    Month,
}

/// <summary>What a range is made of.</summary>
internal static class LiveRanges
{
    extension(LiveRange range)
    {
        /// <summary>As it is written in requests.</summary>
        public string Name => range switch
        {
            LiveRange.QuarterHour => "15m",
            LiveRange.Day => "24h",
            _ => "30d",
        };

        public TimeSpan Window => range switch
        {
            LiveRange.QuarterHour => TimeSpan.FromMinutes(15),
            LiveRange.Day => TimeSpan.FromHours(24),
            _ => TimeSpan.FromDays(30),
        };

        /// <summary>Of the points of its series: 900, 1440 or 720 of them.</summary>
        public Resolution Points => range switch
        {
            LiveRange.QuarterHour => Resolution.Second,
            LiveRange.Day => Resolution.Minute,
            _ => Resolution.Hour,
        };

        /// <summary>Of the small chart in a ranking's row: 15, 24 or 30 bars.</summary>
        public Resolution Trend => range switch
        {
            LiveRange.QuarterHour => Resolution.Minute,
            LiveRange.Day => Resolution.Hour,
            _ => Resolution.Day,
        };

        /// <summary>
        /// Rankings are read once in so many seconds: long ones cost more and change more slowly.
        /// </summary>
        public int RankingSeconds => range switch
        {
            LiveRange.QuarterHour => 2,
            LiveRange.Day => 5,
            _ => 15,
        };
    }

    /// <summary>Null text is a quarter of an hour.</summary>
    public static bool TryParse(string? text, out LiveRange range)
    {
        range = LiveRange.QuarterHour;
        if (text is null)
            return true;
        foreach (var candidate in Enum.GetValues<LiveRange>())
        {
            if (candidate.Name == text)
            {
                range = candidate;
                return true;
            }
        }
        return false;
    }
}
