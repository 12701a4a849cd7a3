using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>What was found when a journal was opened.</summary>
/// <param name="CutBytes">Bytes of a write that was cut off, now gone.</param>
internal sealed record OpenedJournal(
    List<Segment> Segments, long EndPosition, long LastReceivedAtTicks, long CutBytes);

/// <summary>Opens the segments of a directory as one journal, or says why not.</summary>
internal static class JournalOpening
{
    /// <summary>
    /// 1. The segments' headers agree and their positions follow one another without a gap.
    /// 2. Every frame from the given position on is whole; the tail of the last segment may be
    ///    a write that was cut off: that is cut away.
    /// 3. What is left is flushed: it may have been written by a process that was killed before
    ///    its own flush, and from here on it counts.
    /// </summary>
    /// <param name="verifyFrom">Position of a frame; null to verify everything.</param>
    /// <param name="keys">Takes the idempotency keys of the frames that are verified.</param>
    /// <exception cref="StartRefusedException">The journal is damaged.</exception>
    public static OpenedJournal Open(
        string directory, long? verifyFrom, TimeProvider time, KeyIndex? keys = null)
    {
        AtomicFile.DeleteLeftovers(directory);
        var segments = Directory.EnumerateFiles(directory, "*" + Segment.Extension)
            .Order(StringComparer.Ordinal)
            .Select(Segment.Load)
            .ToList();
        if (segments.Count == 0)
            segments.Add(Segment.Create(directory, Guid.NewGuid(), 0, time.GetUtcNow().UtcDateTime));
        CheckChain(segments);

        var start = verifyFrom ?? segments[0].BasePosition;
        var opened = new OpenedJournal(segments, segments[0].BasePosition, 0, 0);
        foreach (var segment in segments)
        {
            var isLast = segment == segments[^1];
            if (isLast || EndOf(segment) > start)
                opened = Verify(segment, isLast, Math.Max(start, segment.BasePosition), opened, keys);
        }
        return opened.EndPosition >= start
            ? opened
            : throw JournalDamage.At(
                segments[^1].Path,
                segments[^1].OffsetOf(opened.EndPosition),
                $"the journal ends at position {opened.EndPosition}, "
                + $"but position {start} was already counted");
    }

    private static OpenedJournal Verify(
        Segment segment, bool isLast, long from, OpenedJournal opened, KeyIndex? keys)
    {
        using var file = new JournalFile(segment.Path);
        var length = RandomAccess.GetLength(file.Handle);
        var offset = segment.OffsetOf(from);
        if (offset > length)
            return opened with { EndPosition = segment.BasePosition + length - Segment.HeaderBytes };
        var scan = FrameScan.Run(file.Handle, offset, keys);
        if (scan.Damage is not null)
            throw JournalDamage.At(segment.Path, scan.EndOffset, scan.Damage);
        if (scan.EndOffset < length)
        {
            if (!isLast)
                throw JournalDamage.At(segment.Path, scan.EndOffset, "the last frame is cut off");
            file.Truncate(scan.EndOffset);
        }
        if (isLast)
            file.Sync();
        return opened with
        {
            EndPosition = segment.BasePosition + scan.EndOffset - Segment.HeaderBytes,
            LastReceivedAtTicks = Math.Max(opened.LastReceivedAtTicks, scan.LastReceivedAtTicks),
            CutBytes = scan.CutBytes,
        };
    }

    private static void CheckChain(List<Segment> segments)
    {
        for (var i = 1; i < segments.Count; i++)
        {
            if (segments[i].JournalId != segments[0].JournalId)
                throw JournalDamage.At(segments[i].Path, 8, "the segment is of another journal");
            var end = EndOf(segments[i - 1]);
            if (segments[i].BasePosition != end)
            {
                throw JournalDamage.At(
                    segments[i].Path,
                    24,
                    $"it begins at position {segments[i].BasePosition}, "
                    + $"but the segment before it ends at {end}");
            }
        }
    }

    private static long EndOf(Segment segment) =>
        segment.BasePosition + new FileInfo(segment.Path).Length - Segment.HeaderBytes;
}
