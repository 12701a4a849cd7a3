using Microsoft.Win32.SafeHandles;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Where the whole frames of a segment end, and why.</summary>
/// <param name="EndOffset">Behind the last whole frame.</param>
/// <param name="LastReceivedAtTicks">Of the last whole frame; 0 for none.</param>
/// <param name="Damage">Null where the file ends there, or in a write that was cut off.</param>
internal readonly record struct ScanResult(
    long EndOffset, long LastReceivedAtTicks, string? Damage);

/// <summary>Verifies the frames of a segment, one after the other.</summary>
internal static class FrameScan
{
    // Whole sectors of zeros are what a file system shows for blocks that it never wrote.
    private const int SectorBytes = 512;

    /// <summary>
    /// Reads from the offset of a frame up to the file's end. A tail that a cut-off write can have
    /// left is no damage; every other wrong byte is. A write leaves its frame's beginning, or
    /// blocks of zeros. A header has its own checksum, so a length that was flipped is not taken
    /// for a frame that is not there yet.
    /// </summary>
    /// <param name="keys">Takes the keys of the whole frames.</param>
    public static ScanResult Run(SafeFileHandle file, long offset, KeyIndex? keys = null)
    {
        var length = RandomAccess.GetLength(file);
        var buffer = GC.AllocateUninitializedArray<byte>(
            TradeFrame.HeaderBytes + TradeFrame.MaxPayloadBytes);
        long last = 0;
        while (offset < length)
        {
            var available = (int)Math.Min(buffer.Length, length - offset);
            var bytes = buffer.AsSpan(0, ReadFully(file, buffer.AsSpan(0, available), offset));
            var whole = 0;
            FrameStatus status;
            FrameHeader header;
            while ((status = TradeFrame.Read(bytes[whole..], out header)) == FrameStatus.Whole)
            {
                last = header.ReceivedAtTicks;
                keys?.Add(bytes[whole..], header);
                whole += header.FrameBytes;
            }
            // What is behind whole frames is judged once the buffer begins with it.
            offset += whole;
            if (whole > 0)
                continue;
            var damaged = status == FrameStatus.Damaged && !IsUnwritten(bytes, offset, length);
            return new ScanResult(offset, last, damaged ? "a checksum does not match" : null);
        }
        return new ScanResult(offset, last, null);
    }

    private static int ReadFully(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(file, buffer[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }
        return total;
    }

    /// <summary>
    /// Whether a cut-off write of the file's last frame can look like this. Each frame is flushed
    /// before the next is written, so only the last one can lack blocks.
    /// </summary>
    private static bool IsUnwritten(ReadOnlySpan<byte> bytes, long offset, long fileLength)
    {
        if (offset + bytes.Length < fileLength)
            return false;
        var sector = (int)((SectorBytes - offset % SectorBytes) % SectorBytes);
        if (TradeFrame.ReadHeader(bytes, out var header) == FrameStatus.Damaged)
        {
            var from = Math.Min(sector < TradeFrame.HeaderBytes ? sector : 0, bytes.Length);
            return !bytes[from..].ContainsAnyExcept((byte)0)
                || !bytes.ContainsAnyExcept((byte)0);
        }
        if (header.FrameBytes < bytes.Length)
            return false;
        for (; sector < bytes.Length; sector += SectorBytes)
        {
            var end = Math.Min(sector + SectorBytes, bytes.Length);
            if (!bytes[sector..end].ContainsAnyExcept((byte)0))
                return true;
        }
        return false;
    }
}
