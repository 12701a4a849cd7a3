using System.Buffers;

namespace TradeProcessor.Bench;

/// <summary>A piece of a sequence.</summary>
internal sealed class BodySegment : ReadOnlySequenceSegment<byte>
{
    public static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes, int segmentBytes)
    {
        var first = new BodySegment { Memory = bytes[..Math.Min(segmentBytes, bytes.Length)] };
        var last = first;
        for (var at = segmentBytes; at < bytes.Length; at += segmentBytes)
        {
            var next = new BodySegment
            {
                Memory = bytes.Slice(at, Math.Min(segmentBytes, bytes.Length - at)),
                RunningIndex = at,
            };
            last.Next = next;
            last = next;
        }
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
