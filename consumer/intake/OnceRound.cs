using TradeProcessor.Contracts;

namespace TradeProcessor.Consumer.Intake;

/// <summary>
/// The requests of one call, with copies of their records: a request that was told that nobody
/// knows gives its own away while the call goes on. They fit one frame together.
/// </summary>
internal sealed class OnceRound
{
    // Keeps a round's script in Redis to a few milliseconds.
    private const int MaxRequests = 1_000;

    private readonly List<OnceAppend> _appends = [];
    private byte[] _records = [];
    private int _length;

    public IReadOnlyList<OnceAppend> Appends => _appends;

    /// <summary>Number of trades.</summary>
    public int Count { get; private set; }

    /// <summary>False where it does not fit.</summary>
    public bool TryTake(in KeyedSubmission keyed)
    {
        var records = keyed.Submission.Records;
        var payload = _length + records.Length + (_appends.Count + 1) * BoundKey.Bytes;
        if (payload > TradeFrame.MaxPayloadBytes || _appends.Count == MaxRequests)
            return false;
        if (_records.Length == 0)
            _records = GC.AllocateUninitializedArray<byte>(TradeFrame.MaxPayloadBytes);
        var copy = _records.AsMemory(_length, records.Length);
        records.Records.CopyTo(copy);
        _appends.Add(new OnceAppend(keyed.Bound, copy, records.Count));
        _length += records.Length;
        Count += records.Count;
        return true;
    }

    public void Clear()
    {
        _appends.Clear();
        _length = 0;
        Count = 0;
    }
}
