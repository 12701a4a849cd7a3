using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using TradeProcessor.Contracts;
using TradeProcessor.Storage.Engine.Cells;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>
/// A state as a file: magic and version, the state, CRC-32C of all before it. Whoever reads it
/// has checked the checksum first.
/// </summary>
internal static class SnapshotFile
{
    private const ulong Magic = 0x01_504E_534C_4C45_43; // "CELLSNP", version 1

    public static void Write(string path, StoreState state) => AtomicFile.Write(path, file =>
    {
        using var stream = new SteppedStream(file);
        using var checksum = new ChecksumStream(stream);
        using (var writer = new BinaryWriter(checksum, Encoding.UTF8, leaveOpen: true))
            Write(writer, state);
        stream.Write(BitConverter.GetBytes(checksum.Value));
    });

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static StoreState Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        Verify(stream);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        try
        {
            return Read(reader);
        }
        catch (Exception exception) when (exception is EndOfStreamException or ArgumentException)
        {
            throw new InvalidDataException("The snapshot ends too early.", exception);
        }
    }

    private static void Verify(FileStream stream)
    {
        var left = stream.Length - sizeof(uint);
        var buffer = new byte[1 << 16];
        var state = Crc32C.Seed;
        while (left > 0)
        {
            var length = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            state = Crc32C.Append(state, buffer.AsSpan(0, length));
            left -= length;
        }
        if (left < 0
            || stream.Read(buffer, 0, sizeof(uint)) != sizeof(uint)
            || BitConverter.ToUInt32(buffer) != ~state)
        {
            throw new InvalidDataException("The checksum does not match.");
        }
        stream.Position = 0;
    }

    private static void Write(BinaryWriter writer, StoreState state)
    {
        writer.Write(Magic);
        writer.Write(state.JournalId.ToByteArray());
        writer.Write(state.Position);
        writer.Write(state.LogTimeTicks);
        writer.Write(state.SinceTicks);
        writer.Write(state.AggregatedTotal);
        foreach (var blocks in state.Blocks)
        {
            writer.Write(blocks.Count);
            foreach (var block in blocks)
            {
                writer.Write(block.StartTicks);
                writer.Write(block.Count);
                writer.Write(block.Packed.Length);
                writer.Write(block.Packed.Span);
            }
        }
        writer.Write(state.Trades.Count);
        foreach (var trade in state.Trades)
        {
            writer.Write(trade.ReceivedAtTicks);
            writer.Write(trade.Records.Length);
            writer.Write(trade.Records.Span);
        }
        Write(writer, state.Rejects);
        writer.Write(state.Keys.Length);
        writer.Write(MemoryMarshal.AsBytes(state.Keys.AsSpan()));
    }

    private static void Write(BinaryWriter writer, RejectReport rejects)
    {
        writer.Write(rejects.Total);
        writer.Write(rejects.ByCode.Count);
        foreach (var (code, count) in rejects.ByCode)
        {
            writer.Write(code);
            writer.Write(count);
        }
        writer.Write(rejects.Recent.Count);
        foreach (var reject in rejects.Recent)
        {
            writer.Write(reject.At.Ticks);
            writer.Write(reject.Body);
            writer.Write(reject.Errors.Count);
            foreach (var error in reject.Errors)
            {
                writer.Write(error.Field);
                writer.Write(error.Code);
            }
        }
    }

    private static StoreState Read(BinaryReader reader)
    {
        if (reader.ReadUInt64() != Magic)
            throw new InvalidDataException("The file is no snapshot of this version.");
        var journalId = new Guid(reader.ReadBytes(16));
        var position = reader.ReadInt64();
        var logTime = reader.ReadInt64();
        var since = reader.ReadInt64();
        var total = reader.ReadInt64();
        var blocks = new IReadOnlyList<CellBlock>[Resolutions.Count];
        for (var i = 0; i < blocks.Length; i++)
            blocks[i] = ReadList(reader, ReadBlock);
        var trades = ReadList(reader, static reader =>
            new RecordBlock(reader.ReadInt64(), reader.ReadBytes(reader.ReadInt32())));
        var rejects = ReadRejects(reader);
        var keys = ReadKeys(reader);
        return new StoreState(
            journalId, position, logTime, since, total, blocks, trades, rejects, keys);
    }

    private static RememberedKey[] ReadKeys(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        var left = reader.BaseStream.Length - reader.BaseStream.Position - sizeof(uint);
        if (count < 0 || (long)count * Unsafe.SizeOf<RememberedKey>() != left)
            throw new InvalidDataException("The snapshot is not as long as its keys say.");
        var keys = new RememberedKey[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(keys.AsSpan()));
        return keys;
    }

    private static CellBlock ReadBlock(BinaryReader reader)
    {
        var start = reader.ReadInt64();
        var count = reader.ReadInt32();
        return CellBlock.FromPacked(start, count, reader.ReadBytes(reader.ReadInt32()));
    }

    private static RejectReport ReadRejects(BinaryReader reader)
    {
        var total = reader.ReadInt64();
        var byCode = ReadList(reader, static reader =>
            KeyValuePair.Create(reader.ReadString(), reader.ReadInt64()));
        var recent = ReadList(reader, static reader =>
        {
            var at = new DateTime(reader.ReadInt64(), DateTimeKind.Utc);
            var body = reader.ReadString();
            var errors = ReadList(reader, static reader =>
                new FieldError(reader.ReadString(), reader.ReadString()));
            return new Reject(at, errors, body);
        });
        return new RejectReport(total, byCode.ToDictionary(), recent);
    }

    private static List<T> ReadList<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var count = reader.ReadInt32();
        var list = new List<T>();
        for (var i = 0; i < count; i++)
            list.Add(read(reader));
        return list;
    }
}
