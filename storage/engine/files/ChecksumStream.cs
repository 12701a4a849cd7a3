using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>Passes writes on and keeps the CRC-32C of what went through.</summary>
internal sealed class ChecksumStream(Stream inner) : Stream
{
    private uint _state = Crc32C.Seed;

    public uint Value => ~_state;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _state = Crc32C.Append(_state, buffer);
        inner.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) =>
        Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
