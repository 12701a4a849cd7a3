using System.Buffers;
using System.IO.Pipelines;
using TradeProcessor.Consumer.Api;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;

namespace TradeProcessor.Consumer.Lane;

/// <summary>A request whose body comes in several reads; parsed as it comes.</summary>
internal sealed class LongBody(LaneServices lane, LaneBatch batch, RequestHead head)
{
    private readonly Submission _submission = batch.Rent(lane);
    private long _left = head.ContentLength;
    private bool _isSpent; // no memory for its trades

    /// <summary>Reads the body and keeps the request in the batch; what follows behind it.</summary>
    public async Task<LaneNext> ReadAsync(PipeReader input, LaneWatch watch)
    {
        watch.Enter(LanePhase.Body);
        _submission.Errors.Reset();
        _submission.Walk.Begin(lane.Parser, lane.BodyLimits, head.Kind);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync();
                var taken = Take(read.Buffer);
                // What is behind the body is the next read's.
                input.AdvanceTo(taken, _left == 0 ? taken : read.Buffer.End);
                watch.Count(head.ContentLength - _left);
                if (_left == 0)
                {
                    Keep();
                    return head.Closes ? LaneNext.End : LaneNext.Head;
                }
                if (read.IsCompleted)
                {
                    // As Kestrel: what is wrong with the body already is said, and else nothing.
                    if (IsRefused)
                        Keep();
                    return LaneNext.Gone;
                }
                if (watch.Verdict == LaneVerdict.BodyTooSlow)
                {
                    batch.Refuse(TradesAnswer.TooSlow);
                    return LaneNext.End;
                }
            }
        }
        finally
        {
            _submission.Walk.End();
        }
    }

    private bool IsRefused =>
        _isSpent || _submission.Walk.Result is { Status: not BodyStatus.Ok };

    private SequencePosition Take(in ReadOnlySequence<byte> buffer)
    {
        var body = buffer.Length > _left ? buffer.Slice(0, _left) : buffer;
        var taken = body.End;
        if (_submission.Walk.Result is null && !_isSpent)
        {
            try
            {
                taken = _submission.Walk.Take(body, completed: body.Length == _left);
            }
            catch (BudgetSpentException)
            {
                _isSpent = true;
            }
            // What is behind a fault is not read, but must come before the next request; others
            // have the memory meanwhile.
            if (_submission.Walk.Result is not null || _isSpent)
                taken = body.End;
            if (IsRefused)
                _submission.Records.Reset();
        }
        _left -= body.Slice(0, taken).Length;
        return taken;
    }

    private void Keep()
    {
        if (_isSpent)
            batch.RefuseForMemory(lane);
        else
            batch.Add(lane, _submission.Walk.Result!.Value, _submission.Records.Count);
    }
}
