using System.Buffers.Binary;

namespace TradeProcessor.Contracts;

/// <summary>What a frame's header says.</summary>
/// <param name="PayloadBytes">Length of all behind the header: records, then keys.</param>
/// <param name="Count">Number of trades.</param>
/// <param name="ProducerId">Identity of one run of one consumer.</param>
/// <param name="ProducerSequence">Grows by one a frame, from 1, for each producer and shard.</param>
/// <param name="ReceivedAtTicks">UTC, 100 ns ticks since 0001-01-01; of all its trades.</param>
/// <param name="KeyBytes">Length of the keys at the payload's end; 0 for none.</param>
public readonly record struct FrameHeader(
    int PayloadBytes,
    int Count,
    ulong ProducerId,
    ulong ProducerSequence,
    long ReceivedAtTicks,
    int KeyBytes = 0)
{
    /// <summary>Length of header and payload.</summary>
    public int FrameBytes => TradeFrame.HeaderBytes + PayloadBytes;

    /// <summary>Length of the records.</summary>
    public int RecordBytes => PayloadBytes - KeyBytes;
}

/// <summary>How bytes that should begin with a frame read.</summary>
public enum FrameStatus
{
    /// <summary>A whole, undamaged frame.</summary>
    Whole,

    /// <summary>What is there is undamaged as far as it can be known, but there is too little.</summary>
    Short,

    /// <summary>The magic, version, a checksum or a length is wrong.</summary>
    Damaged,
}

/// <summary>
/// Many trades packed in one binary block, the unit of everything behind the parser: of the log, of
/// a list element, of a commit. Little endian.
/// <code>
/// offset size
///  0      4   "TPF" and the version, 1
///  4      4   CRC-32C of the header's bytes 8–47
///  8      4   CRC-32C of the payload
/// 12      4   payload bytes
/// 16      4   number of trades
/// 20      4   bytes of keys
/// 24      8   producer id
/// 32      8   producer sequence
/// 40      8   received at, UTC ticks
/// 48      n   payload: trade records, then a <see cref="BoundKey"/> (16 bytes key, 16 bytes body)
///             for each request in it that has one
/// </code>
/// The producer and sequence are 0 where the frame is not numbered.
/// The header has a checksum of its own, so that a length can be believed before the payload is
/// there: this is what tells a torn write from damage.
/// </summary>
public static class TradeFrame
{
    public const int HeaderBytes = 48;
    public const byte Version = 1;

    /// <summary>
    /// Limit of the payload: 1 MiB holds about 20,000 trades, enough to make the costs of a flush
    /// small for each of them, and little enough for a Redis list element.
    /// </summary>
    public const int MaxPayloadBytes = 1 << 20;

    private const uint Magic = 'T' | 'P' << 8 | 'F' << 16 | Version << 24;

    /// <summary>
    /// Completes a frame whose payload stands behind <see cref="HeaderBytes"/> free bytes.
    /// </summary>
    /// <param name="keyBytes">How much of the payload's end is keys.</param>
    public static void Seal(
        Span<byte> frame,
        int count,
        ulong producerId,
        ulong producerSequence,
        long receivedAtTicks,
        int keyBytes = 0)
    {
        var payload = frame[HeaderBytes..];
        var header = frame[..HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Crc32C.Compute(payload));
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], count);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], keyBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], producerId);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], producerSequence);
        BinaryPrimitives.WriteInt64LittleEndian(header[40..], receivedAtTicks);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc32C.Compute(header[8..]));
    }

    /// <summary>Reads the header alone. The payload may not be there yet.</summary>
    public static FrameStatus ReadHeader(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < HeaderBytes)
            return FrameStatus.Short;
        header = new FrameHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]));
        var good = BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..])
                == Crc32C.Compute(bytes[8..HeaderBytes])
            && header.PayloadBytes is >= 0 and <= MaxPayloadBytes
            && header.KeyBytes >= 0
            && header.KeyBytes <= header.PayloadBytes
            && header.KeyBytes % BoundKey.Bytes == 0
            && header.Count >= 0
            && (long)header.Count * (TradeRecord.FixedBytes + 1) <= header.RecordBytes;
        return good ? FrameStatus.Whole : FrameStatus.Damaged;
    }

    /// <summary>Reads the header and verifies the payload of the frame the bytes begin with.</summary>
    public static FrameStatus Read(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        var status = ReadHeader(bytes, out header);
        if (status != FrameStatus.Whole)
            return status;
        if (bytes.Length < header.FrameBytes)
            return FrameStatus.Short;
        var payload = bytes.Slice(HeaderBytes, header.PayloadBytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) == Crc32C.Compute(payload)
            ? FrameStatus.Whole
            : FrameStatus.Damaged;
    }

    /// <summary>The trades of a whole frame, in their order.</summary>
    public static RecordEnumerator Records(ReadOnlySpan<byte> frame, in FrameHeader header) =>
        new(frame.Slice(HeaderBytes, header.RecordBytes));

    /// <summary>
    /// The keys of a whole frame's requests, <see cref="BoundKey.Bytes"/> each; most frames have
    /// none.
    /// </summary>
    public static ReadOnlySpan<byte> Keys(ReadOnlySpan<byte> frame, in FrameHeader header) =>
        frame.Slice(HeaderBytes + header.RecordBytes, header.KeyBytes);

    /// <summary>Walks records that stand one after the other.</summary>
    public ref struct RecordEnumerator(ReadOnlySpan<byte> records)
    {
        private ReadOnlySpan<byte> _rest = records;
        private TradeRecord _current;

        public readonly TradeRecord Current => _current;

        public readonly RecordEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            _current = new TradeRecord(_rest);
            _rest = _rest[_current.Bytes.Length..];
            return true;
        }
    }
}
