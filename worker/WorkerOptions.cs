using System.ComponentModel.DataAnnotations;

namespace TradeProcessor.Worker;

/// <summary>Section <c>Worker</c>.</summary>
public sealed class WorkerOptions
{
    /// <summary>
    /// Cells of one interval; what comes past it is counted in the cell "other". All pairs of the
    /// ten most traded currencies in all countries are 22,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxCellsPerInterval { get; set; } = 50_000;

    /// <summary>
    /// Rest between two passes over the log: each pass costs a commit and an update whatever it
    /// counts, and 10 ms are not seen on a page that changes four times a second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan Rest { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Longest time that a pass counts before it commits.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan CommitEvery { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Charts show 15 minutes of seconds.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan RetainSeconds { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>Charts show 24 hours of minutes.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "31.00:00:00")]
    public TimeSpan RetainMinutes { get; set; } = TimeSpan.FromHours(26);

    /// <summary>Charts show 30 days of hours.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan RetainHours { get; set; } = TimeSpan.FromDays(32);

    [Range(typeof(TimeSpan), "31.00:00:00", "36500.00:00:00")]
    public TimeSpan RetainDays { get; set; } = TimeSpan.FromDays(3650);
}
