using System.Buffers.Binary;
using System.Security.Cryptography;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Dead;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>
/// What a dead frame is in the log once it is replayed. Its producer comes from its bytes, so that
/// it can be found there.
/// </summary>
internal static class FileReplay
{
    public static byte[] FrameOf(byte[] deadBytes, DeadFrame dead) =>
        dead.Resealed(ProducerOf(deadBytes));

    /// <summary>Whether it stands at the position or behind it.</summary>
    public static bool IsInLog(Journal journal, long position, byte[] deadBytes)
    {
        var producerId = ProducerOf(deadBytes);
        using var reader = new JournalReader(journal, position);
        for (var batch = reader.Read(); !batch.IsEmpty; batch = reader.Read())
        {
            for (var rest = batch.Frames; !rest.IsEmpty;)
            {
                _ = TradeFrame.ReadHeader(rest.Span, out var header);
                if (header.ProducerId == producerId)
                    return true;
                rest = rest[header.FrameBytes..];
            }
        }
        return false;
    }

    private static ulong ProducerOf(byte[] deadBytes) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(deadBytes)) | 1;
}
