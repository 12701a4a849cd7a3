using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Bodies;

/// <summary>Passes a body on and digests what of it is consumed.</summary>
internal sealed class DigestReader : PipeReader, IDisposable
{
    private readonly PipeReader _inner;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ReadOnlySequence<byte> _buffer;

    public DigestReader(PipeReader inner, BodyKind kind)
    {
        _inner = inner;
        // The same bytes are other trades where they are another kind of body.
        _hash.AppendData([(byte)kind]);
    }

    /// <summary>Of all that was consumed; ends the digest.</summary>
    public BodyDigest ToDigest()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _ = _hash.GetHashAndReset(digest);
        return BodyDigest.Read(digest);
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = await _inner.ReadAsync(cancellationToken).ConfigureAwait(false);
        _buffer = read.Buffer;
        return read;
    }

    public override bool TryRead(out ReadResult result)
    {
        var read = _inner.TryRead(out result);
        _buffer = result.Buffer;
        return read;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        foreach (var segment in _buffer.Slice(0, consumed))
            _hash.AppendData(segment.Span);
        _buffer = default;
        _inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => _inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    public void Dispose() => _hash.Dispose();
}
