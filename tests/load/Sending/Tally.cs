using TradeProcessor.Load.Generation;
using TradeProcessor.Load.Http;
using TradeProcessor.Load.Reporting;
using TradeProcessor.Load.Verifying;

namespace TradeProcessor.Load.Sending;

/// <summary>
/// What became of the trades. Several connections share one, a few exist, and they are added up at
/// the end: per-connection histograms would take a gigabyte at 19,000 connections.
/// </summary>
internal sealed class Tally(TradeGenerator? ledgerOf)
{
    private readonly Lock _lock = new();
    private readonly LatencyHistogram _latency = new();
    private readonly long[] _statuses = new long[1000];
    private readonly Ledger _acknowledged = new();
    private readonly Ledger _doubtful = new();
    private long _accepted;
    private long _rejected;
    private long _refused;
    private long _unanswered;
    private long _retries;
    private long _cuts;
    private long _firstSend = long.MaxValue;
    private long _lastAck;
    private string? _firstProblem;

    public long Settled => Volatile.Read(ref _accepted) + Volatile.Read(ref _rejected)
        + Volatile.Read(ref _refused) + Volatile.Read(ref _unanswered);

    public long Accepted => Volatile.Read(ref _accepted);

    public void Started(long sentAt)
    {
        lock (_lock)
            _firstSend = Math.Min(_firstSend, sentAt);
    }

    /// <summary>An answer that decides: some or all of the job is in the log, or none is.</summary>
    public void Answered(in Job job, int status, in BatchAnswer answer, long latency, long now)
    {
        lock (_lock)
        {
            _statuses[status]++;
            _latency.RecordTicks(latency);
            _accepted += answer.Accepted;
            if (answer.Accepted > 0)
                _lastAck = Math.Max(_lastAck, now);
            // Rejected now, but an earlier copy may have got through: nobody knows.
            if (job.Doubtful)
                _unanswered += answer.Rejected;
            else
                _rejected += answer.Rejected;
            if (ledgerOf is not null && answer.Accepted > 0)
                Enter(job, answer);
        }
    }

    /// <summary>429 or 503, or a cut with --retry: the job will be sent again.</summary>
    public void WillRetry(in Job job, int status)
    {
        lock (_lock)
        {
            _retries++;
            if (status != 0)
                _statuses[status]++;
            else
                Doubt(job);
        }
    }

    /// <summary>Given up after an answer that says that nothing was logged.</summary>
    public void Refused(in Job job, int status)
    {
        lock (_lock)
        {
            if (status != 0)
                _statuses[status]++;
            if (job.Doubtful)
                _unanswered += job.Count;
            else
                _refused += job.Count;
        }
    }

    /// <summary>No answer, or one that says nothing (500, 502, 504): outcome unknown.</summary>
    public void Unanswered(in Job job, int status)
    {
        lock (_lock)
        {
            if (status != 0)
                _statuses[status]++;
            _unanswered += job.Count;
            Doubt(job);
        }
    }

    public void Cut()
    {
        lock (_lock)
            _cuts++;
    }

    /// <summary>Keeps the first: it is the one that tells a user what is wrong.</summary>
    public void Problem(string text)
    {
        lock (_lock)
            _firstProblem ??= text;
    }

    public void AddTo(RunResult result)
    {
        lock (_lock)
        {
            result.Accepted += _accepted;
            result.Rejected += _rejected;
            result.Refused += _refused;
            result.Unanswered += _unanswered;
            result.Retries += _retries;
            result.Cuts += _cuts;
            result.FirstSend = Math.Min(result.FirstSend, _firstSend);
            result.LastAck = Math.Max(result.LastAck, _lastAck);
            result.FirstProblem ??= _firstProblem;
            result.Latency.Add(_latency);
            result.Acknowledged.Add(_acknowledged);
            result.Doubtful.Add(_doubtful);
            foreach (var (status, count) in _statuses.Index().Where(answer => answer.Item > 0))
                result.Statuses[status] = result.Statuses.GetValueOrDefault(status) + count;
        }
    }

    private void Enter(in Job job, in BatchAnswer answer)
    {
        // The answer lists 100 errors; past that nobody can tell which trades are in the log.
        HashSet<int> named = [.. answer.Errors.Select(error => error.Index)];
        var ledger = named.Count == answer.Rejected ? _acknowledged : _doubtful;
        for (var i = 0; i < job.Count; i++)
        {
            if (!named.Contains(i))
                ledger.Add(ledgerOf!.Make(job.First + i));
        }
    }

    private void Doubt(in Job job)
    {
        for (var i = 0; ledgerOf is not null && i < job.Count; i++)
            _doubtful.Add(ledgerOf.Make(job.First + i));
    }
}
