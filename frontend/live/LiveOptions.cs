using System.ComponentModel.DataAnnotations;

namespace TradeProcessor.Frontend.Live;

/// <summary>Section <c>Live</c>.</summary>
public sealed class LiveOptions
{
    /// <summary>Least time between two updates: four a second are as many as an eye follows.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan Tick { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>An update comes at least so often; a page calls itself stale after three.</summary>
    [Range(typeof(TimeSpan), "00:00:00.250", "00:00:10")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Updates that may wait for one slow browser. Then the oldest are dropped: it sees the gap
    /// and asks for the present state.
    /// </summary>
    [Range(1, 100)]
    public int ViewerQueue { get; set; } = 4;

    /// <summary>Different filters that may be watched at one time.</summary>
    [Range(1, 100_000)]
    public int MaxViews { get; set; } = 1_000;
}
