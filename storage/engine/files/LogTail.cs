using Microsoft.Win32.SafeHandles;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>What stands behind the last whole frame of a segment.</summary>
/// <param name="Bytes">Up to the last one that is not zero.</param>
/// <param name="IsDamaged">Not what a write that was cut off leaves.</param>
/// <remarks>
/// Each frame is flushed before the next is written, so only the last one can be cut off. Of it
/// there can be its beginning, where the file ends; and some of its sectors and not others, where
/// room was allocated: a sector that was not written is all zeros. A header has its own checksum,
/// so a length that was flipped is not taken for a frame that is not there yet.
/// </remarks>
internal readonly record struct LogTail(long Bytes, bool IsDamaged)
{
    private const int SectorBytes = 512;

    /// <param name="bytes">Of the file from the offset on; to its end or a largest frame.</param>
    public static LogTail Judge(
        SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset, long fileLength)
    {
        var end = LastNonZero(file, offset, fileLength);
        if (end == offset)
            return new LogTail(0, IsDamaged: false);
        var length = end - offset;
        var isTorn = TradeFrame.ReadHeader(bytes, out var header) switch
        {
            FrameStatus.Damaged => IsHeaderTorn(bytes, offset, length),
            FrameStatus.Short => true,
            // Bytes behind it are of a frame that came later.
            _ => length <= header.FrameBytes
                && (header.FrameBytes > bytes.Length
                    || LacksSector(bytes[..header.FrameBytes], offset)),
        };
        return new LogTail(length, !isTorn);
    }

    private static long LastNonZero(SafeFileHandle file, long offset, long fileLength)
    {
        Span<byte> block = new byte[1 << 16];
        for (var at = fileLength; at > offset;)
        {
            var from = Math.Max(offset, at - block.Length);
            var read = block[..FrameScan.ReadFully(file, block[..(int)(at - from)], from)];
            var last = read.LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
                return from + last + 1;
            at = from;
        }
        return offset;
    }

    // One of the sectors that the header lies in is not there, and no frame is behind it.
    private static bool IsHeaderTorn(ReadOnlySpan<byte> bytes, long offset, long length)
    {
        var first = (int)Math.Min(SectorBytes - offset % SectorBytes, bytes.Length);
        var isTorn = !bytes[..first].ContainsAnyExcept((byte)0)
            || (first < TradeFrame.HeaderBytes && IsZeroSector(bytes, first));
        return isTorn && length <= bytes.Length && !HoldsFrame(bytes[..(int)length]);
    }

    private static bool LacksSector(ReadOnlySpan<byte> frame, long offset)
    {
        for (var at = (int)(SectorBytes - offset % SectorBytes); at < frame.Length; at += SectorBytes)
        {
            if (IsZeroSector(frame, at))
                return true;
        }
        return false;
    }

    private static bool IsZeroSector(ReadOnlySpan<byte> bytes, int at) =>
        !bytes[at..Math.Min(at + SectorBytes, bytes.Length)].ContainsAnyExcept((byte)0);

    private static bool HoldsFrame(ReadOnlySpan<byte> bytes)
    {
        for (var at = 1; at + TradeFrame.HeaderBytes <= bytes.Length; at++)
        {
            if (TradeFrame.Read(bytes[at..], out _) == FrameStatus.Whole)
                return true;
        }
        return false;
    }
}
