using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Bodies;

internal sealed partial class BodyWalk
{
    // An element longer than a trade may be is read to its end to be refused alone, up to here.
    private const int MaxElementBytes = 64 << 10;

    // An element of so many bytes was not whole. From a trade's length on, the next attempt waits
    // for twice as many, so that bytes that trickle in do not cost their square.
    private int _tried;

    private int Elements(ReadOnlySpan<byte> text, int until, bool final)
    {
        var at = 0;
        while (at < until && Result is null)
        {
            var next = text[at];
            if (next is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                at++;
            }
            else if (_phase is Phase.Element or Phase.FirstElement
                && !(_phase == Phase.FirstElement && next == ']'))
            {
                if (at > 0 && next == '{')
                    return at; // it may begin a run
                var length = Element(text, at, final);
                if (length == 0)
                    return at;
                _phase = Phase.BehindElement;
                at += length;
            }
            else if (_phase != Phase.End && next is (byte)',' or (byte)']')
            {
                _phase = next == ',' ? Phase.Element : Phase.End;
                at++;
            }
            else
            {
                Fail(BodyStatus.Malformed, text, at);
            }
        }
        return at;
    }

    // Answers the element's length, or 0 where it is not whole or has failed.
    private int Element(ReadOnlySpan<byte> body, int at, bool final)
    {
        var text = body[at..];
        if (text.Length < _tried && !final)
            return 0;
        var faults = default(TradeErrors);
        var status = text[0] == '{'
            ? _parser.Parse(
                text, final, records.GetSpan(TradeRecord.MaxBytes), ref faults, out var length,
                out var written)
            : Skip(text, final, out length, out written);
        if (status == ParseStatus.Malformed || length > MaxElementBytes
            || status == ParseStatus.Incomplete && text.Length > MaxElementBytes)
        {
            Fail(BodyStatus.Malformed, body, at + Math.Min(length, MaxElementBytes));
            return 0;
        }
        if (status == ParseStatus.Incomplete)
        {
            _tried = text.Length <= _limits.TradeBytes ? text.Length + 1 : 2 * text.Length;
            return 0;
        }
        _tried = 0;
        if (length > _limits.TradeBytes)
        {
            errors.Reject(RejectCode.TooLarge, text[..length]);
        }
        else if (status == ParseStatus.Trade)
        {
            records.Advance(written);
            errors.Accept();
        }
        else if (text[0] == '{')
        {
            errors.Reject(faults, text[..length]);
        }
        else
        {
            errors.Reject(RejectCode.WrongType, text[..length]);
        }
        return length;
    }

    // An element that is no object: well formed is `Invalid`.
    private static ParseStatus Skip(
        ReadOnlySpan<byte> text, bool final, out int length, out int written)
    {
        var json = new JsonCursor(text);
        written = 0;
        var whole = json.TrySkip(depth: 0);
        length = json.Position;
        if (whole)
            return ParseStatus.Invalid;
        if (final || !json.Ended)
            return ParseStatus.Malformed;
        length = 0;
        return ParseStatus.Incomplete;
    }
}
