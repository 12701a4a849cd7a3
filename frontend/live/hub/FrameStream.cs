namespace TradeProcessor.Frontend.Live;

/// <summary>
/// The stream below a WebSocket. It also takes frames that were written once for all viewers, and
/// sends them between those of the WebSocket itself, which writes each of its frames at once.
/// </summary>
internal sealed class FrameStream(Stream inner) : Stream
{
    private const int Final = 0x80;
    private const int OpCode = 0x0F;
    private const int Closing = 0x08;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _isMidMessage; // of several frames; the WebSocket keeps its turn
    private bool _isClosed; // nothing may follow a frame that says so

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Completes when the connection has taken the frame, or takes none any more.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!_isClosed)
                await inner.WriteAsync(frame, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    /// <summary>A frame of the WebSocket itself, which writes one after the other.</summary>
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> frame, CancellationToken cancellationToken = default)
    {
        if (!_isMidMessage)
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var first = frame.Span[0];
            var isControl = (first & 0x08) != 0;
            _isClosed |= (first & OpCode) == Closing;
            if (!isControl) // control frames may stand between those of one message
                _isMidMessage = (first & Final) == 0;
            await inner.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!_isMidMessage)
                _ = _turn.Release();
        }
    }

    public override Task WriteAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
