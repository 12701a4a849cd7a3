using Microsoft.Win32.SafeHandles;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Reads the flushed frames of a journal in their order. Not thread-safe.</summary>
internal sealed class JournalReader(Journal journal, long position) : IDisposable
{
    // Large enough that a replay is bound by the processor, small enough to stay in its cache
    // while the frames are checked and counted.
    private const int WindowBytes = 256 << 10;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(
        TradeFrame.HeaderBytes + TradeFrame.MaxPayloadBytes);
    private Segment? _segment;
    private SafeFileHandle? _file;

    public long Position { get; private set; } = position;

    /// <summary>The next whole frames; empty where all flushed ones were read.</summary>
    /// <exception cref="InvalidDataException">A frame is damaged: names the file and offset.</exception>
    public LogBatch Read()
    {
        var durable = journal.DurablePosition;
        if (Position >= durable)
            return new LogBatch(default, Position) { IsLast = true };
        var left = Math.Min(Locate(), durable) - Position;
        var offset = _segment!.OffsetOf(Position);
        var length = Fill(0, (int)Math.Min(WindowBytes, left), offset);
        // A frame that is larger than the window is read alone.
        if (TradeFrame.ReadHeader(_buffer.AsSpan(0, length), out var first) == FrameStatus.Whole
            && first.FrameBytes > length)
        {
            length = Fill(length, (int)Math.Min(first.FrameBytes, left), offset);
        }
        var whole = WholeFrames(_buffer.AsSpan(0, length), offset);
        Position += whole;
        return new LogBatch(_buffer.AsMemory(0, whole), Position) { IsLast = Position == durable };
    }

    /// <summary>Reads on until the buffer holds so many bytes; returns them.</summary>
    private int Fill(int read, int length, long offset)
    {
        while (read < length)
        {
            var got = RandomAccess.Read(_file!, _buffer.AsSpan(read, length - read), offset + read);
            if (got == 0)
                throw Damage(offset + read, "the file is shorter than it was");
            read += got;
        }
        return length;
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>Opens the segment of the position; returns the position where it ends.</summary>
    private long Locate()
    {
        var segments = journal.Segments;
        var index = segments.FindLastIndex(segment => segment.BasePosition <= Position);
        if (index < 0)
            throw new InvalidDataException($"The journal no longer holds position {Position}.");
        if (!ReferenceEquals(_segment, segments[index]))
        {
            _file?.Dispose();
            _segment = segments[index];
            _file = File.OpenHandle(
                _segment.Path,
                share: FileShare.ReadWrite | FileShare.Delete,
                options: FileOptions.SequentialScan);
        }
        return index + 1 < segments.Count ? segments[index + 1].BasePosition : long.MaxValue;
    }

    private int WholeFrames(ReadOnlySpan<byte> bytes, long offset)
    {
        var whole = 0;
        while (whole < bytes.Length)
        {
            var status = TradeFrame.Read(bytes[whole..], out var header);
            if (status == FrameStatus.Damaged)
                throw Damage(offset + whole, "a checksum does not match");
            if (status == FrameStatus.Short)
                break;
            whole += header.FrameBytes;
        }
        return whole > 0 ? whole : throw Damage(offset, "a frame is cut off");
    }

    private InvalidDataException Damage(long offset, string what) =>
        new(JournalDamage.At(_segment!.Path, offset, what).Message);
}
