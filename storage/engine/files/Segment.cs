using System.Buffers.Binary;
using System.Globalization;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>
/// One file of the journal: a header of 64 bytes, then frames. Positions count the frames' bytes
/// over all segments; a segment is named after the position of its first frame.
/// <code>
/// offset size
///  0      8   "TPLOG", two zeros and the version, 1
///  8     16   journal id
/// 24      8   base position
/// 32      8   created at, UTC ticks
/// 40      4   CRC-32C of the bytes 0–39
/// 44     20   zero
/// </code>
/// </summary>
internal sealed record Segment(string Path, Guid JournalId, long BasePosition, DateTime CreatedAt)
{
    public const int HeaderBytes = 64;
    public const string Extension = ".log";

    private const int ChecksumOffset = 40;
    private static ReadOnlySpan<byte> Magic => "TPLOG\0\0\u0001"u8;

    public static string NameOf(long basePosition) =>
        basePosition.ToString("D20", CultureInfo.InvariantCulture) + Extension;

    /// <summary>Where a position lies in the file.</summary>
    public long OffsetOf(long position) => position - BasePosition + HeaderBytes;

    public byte[] ToHeader()
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        _ = JournalId.TryWriteBytes(header.AsSpan(8));
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), BasePosition);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), CreatedAt.Ticks);
        var checksum = Crc32C.Compute(header.AsSpan(0, ChecksumOffset));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(ChecksumOffset), checksum);
        return header;
    }

    /// <exception cref="StartRefusedException">The file is no segment or its header is damaged.</exception>
    public static Segment Load(string path)
    {
        var header = new byte[HeaderBytes];
        using (var file = File.OpenHandle(path))
        {
            var read = RandomAccess.Read(file, header, 0);
            if (read < HeaderBytes
                || !header.AsSpan(0, Magic.Length).SequenceEqual(Magic)
                || BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(ChecksumOffset))
                    != Crc32C.Compute(header.AsSpan(0, ChecksumOffset))
                || header.AsSpan(ChecksumOffset + 4).ContainsAnyExcept((byte)0))
            {
                throw JournalDamage.At(path, 0, "the segment header is damaged");
            }
        }
        var segment = new Segment(
            path,
            new Guid(header.AsSpan(8, 16)),
            BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(24)),
            new DateTime(BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32)), DateTimeKind.Utc));
        return System.IO.Path.GetFileName(path) == NameOf(segment.BasePosition)
            ? segment
            : throw JournalDamage.At(path, 24, "the name does not match the base position");
    }

    /// <summary>Makes the file with its header, whole or not at all.</summary>
    public static Segment Create(string directory, Guid journalId, long basePosition, DateTime now)
    {
        var path = System.IO.Path.Combine(directory, NameOf(basePosition));
        var segment = new Segment(path, journalId, basePosition, now);
        AtomicFile.Write(path, stream => stream.Write(segment.ToHeader()));
        return segment;
    }
}
