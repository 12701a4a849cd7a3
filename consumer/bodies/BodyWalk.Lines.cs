using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Bodies;

internal sealed partial class BodyWalk
{
    // Answers the line's length with its newline, or 0 where it is not whole.
    private int Line(ReadOnlySpan<byte> text, bool final)
    {
        var length = text.IndexOf((byte)'\n');
        if (length >= 0)
        {
            TakeLine(text[..length]);
            return length + 1;
        }
        if (final)
        {
            TakeLine(text);
            return text.Length;
        }
        if (text.Length <= _limits.TradeBytes + 1) // the last one could be a \r
            return 0;
        errors.Reject(RejectCode.TooLarge, text);
        _phase = Phase.RestOfLongLine;
        return text.Length;
    }

    private int RestOfLongLine(ReadOnlySpan<byte> text)
    {
        var newline = text.IndexOf((byte)'\n');
        if (newline < 0)
            return text.Length;
        _phase = Phase.Line;
        return newline + 1;
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        if (line is [.., (byte)'\r'])
            line = line[..^1];
        if (line.Length > _limits.TradeBytes)
        {
            errors.Reject(RejectCode.TooLarge, line);
            return;
        }
        if (line.IndexOfAnyExcept(Whitespace) < 0)
            return;
        var faults = default(TradeErrors);
        var status = _parser.Parse(
            line, isFinal: true, records.GetSpan(TradeRecord.MaxBytes), ref faults,
            out var consumed, out var written);
        if (status == ParseStatus.Malformed || line[consumed..].IndexOfAnyExcept(Whitespace) >= 0)
        {
            errors.Reject(RejectCode.MalformedJson, line);
        }
        else if (status == ParseStatus.Trade)
        {
            records.Advance(written);
            errors.Accept();
        }
        else
        {
            errors.Reject(faults, line);
        }
    }
}
