using System.Buffers;
using TradeProcessor.Consumer.Parsing;
using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Bodies;

/// <summary>
/// The state of one body between its reads; what it has taken is gone. Used for one body after the
/// other.
/// </summary>
/// <param name="records">Takes the records of good trades.</param>
/// <param name="errors">Is told of the others.</param>
internal sealed partial class BodyWalk(RecordBuffer records, BatchErrors errors)
{
    // First length of what is copied where a trade crosses segments: most end within it.
    private const int JoinBytes = 512;

    // An ordinary trade's text is 3.6 times as long as its record.
    private const int TextToRecord = 3;

    private static readonly SearchValues<byte> Whitespace = SearchValues.Create(" \t\r\n"u8);

    // Set for each body.
    private TradeParser _parser = null!;
    private BodyLimits _limits = BodyLimits.Default;
    private BodyKind _kind;
    private int _countBefore;
    private int _lengthBefore;
    private int _maxBytes;

    private Phase _phase;
    private long _received;
    private long _consumed;
    private int _line;
    private bool _single;
    private byte[] _joined = [];

    private enum Phase
    {
        Start,
        Single,
        FirstElement,
        Element,
        BehindElement,
        Line,
        RestOfLongLine,
        End,
    }

    /// <summary>Null until the body has been read or has failed.</summary>
    public BodyResult? Result { get; private set; }

    public void Begin(TradeParser parser, BodyLimits limits, BodyKind kind)
    {
        (_parser, _limits, _kind) = (parser, limits, kind);
        (_countBefore, _lengthBefore) = (records.Count, records.Length);
        _maxBytes = limits.BatchBytes;
        _phase = Phase.Start;
        _received = _consumed = 0;
        _tried = 0;
        _line = 1;
        _single = false;
        Result = null;
    }

    /// <summary>Gives back what it holds of a body, read to its end or not.</summary>
    public void End()
    {
        if (_joined.Length > 0)
            ArrayPool<byte>.Shared.Return(_joined);
        _joined = [];
    }

    /// <summary>Takes what it can of the bytes that are there; answers up to where.</summary>
    /// <param name="completed">Nothing follows them.</param>
    public SequencePosition Take(in ReadOnlySequence<byte> buffer, bool completed)
    {
        _received = _consumed + buffer.Length;
        if (_received > _maxBytes)
            Fail(BodyStatus.TooLarge, buffer.FirstSpan, 0);
        var rest = buffer;
        while (Result is null)
        {
            var first = rest.FirstSpan;
            if (first.IsEmpty && !rest.IsSingleSegment)
            {
                var next = rest.Start;
                _ = rest.TryGet(ref next, out _);
                rest = rest.Slice(next);
                continue;
            }
            var taken = Walk(first, first.Length, completed && rest.IsSingleSegment);
            var stays = first.Length - taken;
            var isLast = rest.IsSingleSegment;
            rest = rest.Slice(taken);
            if (isLast || stays > 0 && !TakeJoined(ref rest, stays, completed))
                break;
        }
        return rest.Start;
    }

    // Copies a trade that crosses segments to one place, more of it until it is whole, and takes
    // it. False where more bytes must arrive.
    private bool TakeJoined(ref ReadOnlySequence<byte> rest, int inFirst, bool completed)
    {
        for (var size = (long)inFirst + JoinBytes; ; size *= 2)
        {
            size = Math.Min(size, rest.Length);
            if (_joined.Length < size)
            {
                End();
                _joined = ArrayPool<byte>.Shared.Rent((int)size);
            }
            var joined = _joined.AsSpan(0, (int)size);
            rest.Slice(0, size).CopyTo(joined);
            var taken = Walk(joined, inFirst, completed && size == rest.Length);
            if (taken > 0 || Result is not null)
            {
                rest = rest.Slice(taken);
                return true;
            }
            if (size == rest.Length)
                return false;
        }
    }

    // Takes what begins before `until`, as far as it is whole; answers its length.
    private int Walk(ReadOnlySpan<byte> text, int until, bool final)
    {
        var at = 0;
        while (Result is null && at < until)
        {
            var phase = _phase;
            var rest = text[at..];
            var taken = phase is Phase.Line or Phase.FirstElement or Phase.Element
                ? Run(rest, until - at)
                : 0;
            if (taken == 0)
            {
                taken = phase switch
                {
                    Phase.Start => Start(rest, final),
                    Phase.Single => Single(rest, final),
                    Phase.Line => Line(rest, final),
                    Phase.RestOfLongLine => RestOfLongLine(rest),
                    _ => Elements(rest, until - at, final),
                };
                _line += rest[..taken].Count((byte)'\n');
            }
            at += taken;
            _consumed += taken;
            if (taken == 0 && phase == _phase)
                break;
        }
        if (final && at == text.Length && Result is null)
            Finish();
        return at;
    }

    // Takes the trades that need no second look, with what separates them, and counts their lines.
    private int Run(ReadOnlySpan<byte> text, int until)
    {
        // No memory is asked for where there is no trade.
        if (text.Length < _tried || text[0] == ']')
            return 0;
        var lines = _phase == Phase.Line;
        var taken = _parser.ReadRun(
            text, until, lines, _limits.TradeBytes,
            records.GetSpan(TradeRecord.MaxBytes, text.Length / TextToRecord), out var run);
        if (run.Count == 0)
            return 0;
        _tried = 0;
        records.Advance(run.Written, run.Count);
        errors.Accept(run.Count);
        _line += run.Newlines;
        if (!lines)
            _phase = Phase.Element;
        return taken;
    }

    // The body has ended, and all of it is taken.
    private void Finish()
    {
        var whole = _phase is Phase.End or Phase.Line or Phase.RestOfLongLine
            || _phase == Phase.Start && _kind == BodyKind.Ndjson;
        if (whole)
            Result = new BodyResult(BodyStatus.Ok, _single, _consumed, _line);
        else
            Fail(BodyStatus.Malformed, [], 0);
    }

    // It went wrong at this place of the text, which begins where the body has been taken to. The
    // body counts as one refused trade.
    private void Fail(BodyStatus status, ReadOnlySpan<byte> text, int at)
    {
        records.TruncateTo(_countBefore, _lengthBefore);
        errors.Reset();
        errors.Reject(
            status == BodyStatus.TooLarge ? RejectCode.TooLarge : RejectCode.MalformedJson, text);
        var line = _line + text[..at].Count((byte)'\n');
        Result = new BodyResult(status, _single, _consumed + at, line);
    }

    private int Start(ReadOnlySpan<byte> text, bool final)
    {
        if (_consumed == 0 && text[0] == 0xEF && (text.Length >= 3 || !final))
        {
            if (text.Length < 3)
                return 0;
            if (text.StartsWith("\uFEFF"u8))
                return 3;
        }
        if (_kind == BodyKind.Ndjson)
        {
            _phase = Phase.Line;
            return 0;
        }
        var at = text.IndexOfAnyExcept(Whitespace);
        if (at < 0)
            return text.Length;
        switch (text[at])
        {
            case (byte)'[':
                _phase = Phase.FirstElement;
                return at + 1;
            case (byte)'{':
                _phase = Phase.Single;
                _single = true;
                _maxBytes = _limits.SingleBytes;
                if (_received > _maxBytes)
                    Fail(BodyStatus.TooLarge, text, at);
                return at;
            default:
                Fail(BodyStatus.Malformed, text, at);
                return 0;
        }
    }

    private int Single(ReadOnlySpan<byte> text, bool final)
    {
        var faults = default(TradeErrors);
        var status = _parser.Parse(
            text, final, records.GetSpan(TradeRecord.MaxBytes), ref faults, out var length,
            out var written);
        switch (status)
        {
            case ParseStatus.Incomplete:
                return 0;
            case ParseStatus.Malformed:
                Fail(BodyStatus.Malformed, text, length);
                return 0;
            case ParseStatus.Invalid:
                errors.Reject(faults, text[..length]);
                break;
            default:
                records.Advance(written);
                errors.Accept();
                break;
        }
        _phase = Phase.End;
        return length;
    }
}
