using System.Buffers;
using TradeProcessor.Consumer.Parsing;

namespace TradeProcessor.Consumer.Bodies;

internal sealed partial class BodyWalk
{
    /// <summary>Reads a body that is there as a whole, in one piece.</summary>
    public BodyResult Read(
        TradeParser parser, BodyLimits limits, BodyKind kind, ReadOnlySpan<byte> body)
    {
        Begin(parser, limits, kind);
        _received = body.Length;
        if (_received > _maxBytes)
            Fail(BodyStatus.TooLarge, body, 0);
        _ = Walk(body, body.Length, final: true);
        return Result!.Value;
    }

    /// <summary>Reads a body that is there as a whole.</summary>
    public BodyResult Read(
        TradeParser parser, BodyLimits limits, BodyKind kind, in ReadOnlySequence<byte> body)
    {
        Begin(parser, limits, kind);
        try
        {
            _ = Take(body, completed: true);
        }
        finally
        {
            End();
        }
        return Result!.Value;
    }
}
