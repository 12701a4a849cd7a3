using System.ComponentModel.DataAnnotations;

namespace TradeProcessor.Frontend.Live;

/// <summary>Section <c>Live</c>.</summary>
public sealed class LiveOptions
{
    /// <summary>
    /// Least time between two updates: four a second are as many as an eye follows.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan Tick { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>An update comes at least so often; a page calls itself stale after three.</summary>
    [Range(typeof(TimeSpan), "00:00:00.250", "00:00:10")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Updates that may wait for one slow browser. Then all but the newest are dropped: it sees
    /// the gap and asks for the present state.
    /// </summary>
    [Range(1, 100)]
    public int ViewerQueue { get; set; } = 4;

    /// <summary>
    /// A browser that takes nothing for so long is cut off; what it held goes. It may come back.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan CutOffAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Bytes of snapshots that one connection may have on their way, and over transports other than
    /// WebSockets of updates, too; what is beyond it waits.
    /// </summary>
    [Range(4_096, 16_777_216)]
    public int ViewerBytes { get; set; } = 65_536;

    /// <summary>
    /// Origins beside the page's own whose pages may connect: <c>https://wall.example</c>.
    /// </summary>
    public IList<string> AllowedOrigins { get; set; } = [];

    /// <summary>
    /// Browsers that are told at one instant; more of them take turns within a tick. So many are
    /// told within the 12.5 ms until the next turn.
    /// </summary>
    [Range(1, 100_000)]
    public int CohortViewers { get; set; } = 100;

    /// <summary>Different filters that may be watched at one time.</summary>
    [Range(1, 100_000)]
    public int MaxViews { get; set; } = 1_000;
}
