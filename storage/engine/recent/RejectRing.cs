using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Recent;

/// <summary>Counts refused trades by code and keeps the newest ones. Thread-safe.</summary>
internal sealed class RejectRing(int capacity) : IRejectLog
{
    private readonly Lock _gate = new();
    private readonly Queue<Reject> _recent = new(capacity);
    private readonly Dictionary<string, long> _byCode = [];
    private long _total;

    public long Total
    {
        get
        {
            lock (_gate)
                return _total;
        }
    }

    public void Add(RejectBatch batch)
    {
        lock (_gate)
        {
            _total += batch.Total;
            foreach (var (code, count) in batch.ByCode)
                _byCode[code] = _byCode.GetValueOrDefault(code) + count;
            foreach (var reject in batch.Kept)
                Keep(reject);
        }
    }

    /// <summary>Newest first.</summary>
    public RejectReport Report(int limit)
    {
        lock (_gate)
        {
            return new RejectReport(
                _total,
                new SortedDictionary<string, long>(_byCode, StringComparer.Ordinal),
                [.. _recent.Reverse().Take(limit)]);
        }
    }

    /// <summary>Takes over what a snapshot held.</summary>
    public void Restore(RejectReport report)
    {
        lock (_gate)
        {
            _total = report.Total;
            foreach (var (code, count) in report.ByCode)
                _byCode[code] = count;
            foreach (var reject in report.Recent.Reverse())
                Keep(reject);
        }
    }

    private void Keep(Reject reject)
    {
        if (_recent.Count == capacity)
            _ = _recent.Dequeue();
        _recent.Enqueue(reject);
    }
}
