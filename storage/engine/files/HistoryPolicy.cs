namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Which segments and snapshots are kept. Pure: positions in, positions out.</summary>
internal static class HistoryPolicy
{
    /// <summary>Older snapshots stand at least this part of the retained log apart.</summary>
    private const int OlderSnapshots = 8;

    /// <summary>
    /// Snapshots that are not needed: all but the two newest and, before them, one for each eighth
    /// of the retained log.
    /// </summary>
    /// <param name="positions">In ascending order.</param>
    public static List<long> SnapshotsToDelete(IReadOnlyList<long> positions, long retainBytes)
    {
        var delete = new List<long>();
        var kept = long.MinValue;
        for (var i = 0; i < positions.Count - 2; i++)
        {
            if (kept == long.MinValue || positions[i] - kept >= retainBytes / OlderSnapshots)
                kept = positions[i];
            else
                delete.Add(positions[i]);
        }
        return delete;
    }

    /// <summary>
    /// Position at which the log may begin from now on: that of the first snapshot behind all
    /// that is too much or too old, but never past the second newest snapshot, so that a damaged
    /// newest one can be passed over. Null to leave it as it is.
    /// </summary>
    public static long? LogStart(
        IReadOnlyList<Segment> segments,
        IReadOnlyList<long> snapshots,
        long endPosition,
        StorageOptions options,
        DateTime now)
    {
        var wanted = endPosition - options.RetainBytes;
        for (var i = 1; i < segments.Count; i++)
        {
            if (segments[i].CreatedAt < now - options.RetainFor)
                wanted = Math.Max(wanted, segments[i].BasePosition);
        }
        if (snapshots.Count < 2 || wanted <= segments[0].BasePosition)
            return null;
        var first = snapshots.FirstOrDefault(position => position >= wanted, long.MaxValue);
        return Math.Min(first, snapshots[^2]);
    }
}
