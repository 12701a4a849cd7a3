using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using TradeProcessor.Consumer.Api;
using TradeProcessor.Consumer.Bodies;
using TradeProcessor.Consumer.Intake;

namespace TradeProcessor.Consumer.Lane;

/// <summary>What comes behind the whole requests of a read.</summary>
internal enum LaneNext
{
    /// <summary>Nothing, or the beginning of a head.</summary>
    Head,

    /// <summary>A request whose body is not there as a whole.</summary>
    Body,

    /// <summary>More requests, for which this batch has too many answers.</summary>
    Request,

    /// <summary>Nothing that counts: the client wants the connection to end here.</summary>
    End,

    /// <summary>Nothing: the client has ended its side.</summary>
    Gone,

    /// <summary>What the lane does not take.</summary>
    Other,
}

/// <summary>
/// The requests of one read: their trades go into the log together, and their answers back
/// together, in order.
/// </summary>
internal sealed class LaneBatch
{
    // As much as Kestrel holds for a client that does not read.
    private const int MaxAnswerBytes = 64 << 10;
    private const int AnswerHeadBytes = 160;

    private readonly List<(TradesAnswer Answer, int Trades)> _requests = [];
    private int _answerBytes;

    // The head that was read last: a client sends the same one again and again, and the same
    // bytes mean the same.
    private byte[] _knownBytes = [];
    private RequestHead _known;

    // A head that crosses segments.
    private byte[]? _joined;

    /// <summary>Null where there was no trade for the log yet.</summary>
    public Submission? Submission { get; private set; }

    public int Count => _requests.Count;

    /// <summary>Trades that are for the log.</summary>
    public int Trades { get; private set; }

    /// <summary>Requests with trades for the log.</summary>
    public int Logging { get; private set; }

    /// <summary>When the last body had been read.</summary>
    public long Started { get; private set; }

    /// <summary>Of the request of <see cref="LaneNext.Body"/>.</summary>
    public RequestHead Head { get; private set; }

    /// <summary>Takes the requests that are there as a whole; answers up to where.</summary>
    public LaneNext Take(LaneServices lane, in ReadOnlySequence<byte> buffer, out long taken)
    {
        taken = 0;
        var rest = buffer;
        while (!rest.IsEmpty)
        {
            switch (ReadHead(rest, out var head))
            {
                case HeadStatus.Incomplete:
                    return LaneNext.Head;
                case HeadStatus.Other:
                    return LaneNext.Other;
            }
            if (head.ContentLength > lane.MaxBodyBytes)
                return LaneNext.Other;
            var length = head.Length + head.ContentLength;
            if (rest.Length < length)
            {
                Head = head;
                return LaneNext.Body;
            }
            TakeRequest(lane, head, rest.Slice(head.Length, head.ContentLength));
            taken += length;
            rest = rest.Slice(length);
            if (head.Closes)
                return LaneNext.End;
            if (_answerBytes >= MaxAnswerBytes && !rest.IsEmpty)
                return LaneNext.Request;
        }
        return LaneNext.Head;
    }

    /// <summary>Keeps a request whose body was read into the submission.</summary>
    /// <param name="trades">That it has for the log.</param>
    public void Add(LaneServices lane, BodyResult body, int trades)
    {
        var errors = Submission!.Errors;
        lane.Rejects.Report(errors);
        if (TradesAnswer.Refusal(body, errors, trades, lane.Limits) is { } refusal)
        {
            Refuse(refusal);
            return;
        }
        Keep(TradesAnswer.For(errors, body.Single), trades);
        Trades += trades;
        Logging++;
    }

    /// <summary>Keeps a request of which nothing goes into the log.</summary>
    public void Refuse(TradesAnswer answer) => Keep(answer, trades: 0);

    /// <summary>Keeps a request for whose trades there is no memory.</summary>
    public void RefuseForMemory(LaneServices lane)
    {
        lane.Metrics.Refused();
        Refuse(TradesAnswer.Unavailable(BudgetSpentException.Reason));
    }

    /// <summary>Room for trades; the same for the whole batch.</summary>
    public Submission Rent(LaneServices lane) => Submission ??= lane.Intake.Rent();

    /// <summary>Its trades are about to be handed to the log.</summary>
    /// <param name="scheduler">Where the request goes on after that.</param>
    public void Start(PipeScheduler? scheduler)
    {
        Started = Stopwatch.GetTimestamp();
        Submission!.Scheduler = scheduler;
    }

    /// <summary>Writes all answers.</summary>
    /// <param name="unavailable">For those whose trades are not in the log; null where they are.
    /// </param>
    public void Write(
        AnswerWriter writer, PipeWriter output, TradesAnswer? unavailable, bool closes)
    {
        _ = output.GetSpan(_answerBytes); // in a block that is large enough for all
        for (var i = 0; i < _requests.Count; i++)
        {
            var (answer, trades) = _requests[i];
            writer.Write(
                output,
                trades > 0 && unavailable is not null ? unavailable : answer,
                closes && i == _requests.Count - 1);
        }
    }

    public void Reset()
    {
        Submission?.Reset();
        _requests.Clear();
        Trades = Logging = _answerBytes = 0;
    }

    /// <summary>Gives back what it holds; it is not used any more.</summary>
    public void LetGo(TradeIntake intake)
    {
        if (Submission is not null)
            intake.Return(Submission);
        Submission = null;
    }

    private void Keep(TradesAnswer answer, int trades)
    {
        _requests.Add((answer, trades));
        _answerBytes += AnswerHeadBytes + answer.Body.Length;
    }

    private void TakeRequest(
        LaneServices lane, in RequestHead head, in ReadOnlySequence<byte> body)
    {
        var submission = Rent(lane);
        var (count, length) = (submission.Records.Count, submission.Records.Length);
        submission.Errors.Reset();
        try
        {
            var result = body.IsSingleSegment
                ? submission.Walk.Read(lane.Parser, lane.BodyLimits, head.Kind, body.FirstSpan)
                : submission.Walk.Read(lane.Parser, lane.BodyLimits, head.Kind, body);
            Add(lane, result, submission.Records.Count - count);
        }
        catch (BudgetSpentException)
        {
            submission.Records.TruncateTo(count, length);
            RefuseForMemory(lane);
        }
    }

    private HeadStatus ReadHead(in ReadOnlySequence<byte> rest, out RequestHead head)
    {
        var text = rest.FirstSpan;
        if (_known.Length > 0 && text.StartsWith(_knownBytes.AsSpan(0, _known.Length)))
        {
            head = _known;
            return HeadStatus.Whole;
        }
        var status = RequestHead.Read(text, out head);
        if (status == HeadStatus.Incomplete && !rest.IsSingleSegment)
        {
            _joined ??= new byte[RequestHead.MaxBytes];
            var joined = _joined.AsSpan(0, (int)Math.Min(rest.Length, _joined.Length));
            rest.Slice(0, joined.Length).CopyTo(joined);
            status = RequestHead.Read(text = joined, out head);
        }
        if (status == HeadStatus.Whole)
        {
            if (_knownBytes.Length < head.Length)
                _knownBytes = new byte[head.Length];
            text[..head.Length].CopyTo(_knownBytes);
            _known = head;
        }
        return status;
    }
}
