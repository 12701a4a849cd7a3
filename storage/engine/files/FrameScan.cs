using Microsoft.Win32.SafeHandles;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Where the whole frames of a segment end, and why.</summary>
/// <param name="EndOffset">Behind the last whole frame.</param>
/// <param name="LastReceivedAtTicks">Of the last whole frame; 0 for none.</param>
/// <param name="Damage">Null where the log ends there, or in a write that was cut off.</param>
/// <param name="CutBytes">Left of a write that was cut off.</param>
internal readonly record struct ScanResult(
    long EndOffset, long LastReceivedAtTicks, string? Damage, long CutBytes);

/// <summary>Verifies the frames of a segment, one after the other.</summary>
internal static class FrameScan
{
    /// <summary>
    /// Reads from the offset of a frame up to the file's end, or to the zeros that are allocated
    /// for what comes next. A tail that a cut-off write can have left is no damage; every other
    /// wrong byte is.
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
            while (TradeFrame.Read(bytes[whole..], out var header) == FrameStatus.Whole)
            {
                last = header.ReceivedAtTicks;
                keys?.Add(bytes[whole..], header);
                whole += header.FrameBytes;
            }
            // What is behind whole frames is judged once the buffer begins with it.
            offset += whole;
            if (whole > 0)
                continue;
            var tail = LogTail.Judge(file, bytes, offset, length);
            return new ScanResult(
                offset, last, tail.IsDamaged ? "a checksum does not match" : null, tail.Bytes);
        }
        return new ScanResult(offset, last, null, 0);
    }

    internal static int ReadFully(SafeFileHandle file, Span<byte> buffer, long offset)
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
}
