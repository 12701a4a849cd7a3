using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Bodies;

internal sealed partial class BodyWalk
{
    private int Lines(ReadOnlySpan<byte> text, int until, bool final)
    {
        var at = 0;
        while (at < until)
        {
            var line = text[at..];
            var length = line.IndexOf((byte)'\n');
            if (length < 0 && !final)
            {
                if (line.Length <= _limits.TradeBytes + 1) // the last one could be a \r
                    return at;
                errors.Reject(RejectCode.TooLarge, line);
                _phase = Phase.RestOfLongLine;
                return text.Length;
            }
            Line(length < 0 ? line : line[..length]);
            at += length < 0 ? line.Length : length + 1;
        }
        return at;
    }

    private int RestOfLongLine(ReadOnlySpan<byte> text)
    {
        var newline = text.IndexOf((byte)'\n');
        if (newline < 0)
            return text.Length;
        _phase = Phase.Line;
        return newline + 1;
    }

    private void Line(ReadOnlySpan<byte> line)
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
