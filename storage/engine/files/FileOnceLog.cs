using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Files;

/// <summary>
/// Requests with a key, in the journal: a frame carries the keys of its requests, so key and trades
/// are flushed together and found together after a crash.
/// </summary>
internal sealed class FileOnceLog(FileBackEnd backEnd, TimeProvider time) : IOnceLog
{
    private readonly byte[] _frame = GC.AllocateUninitializedArray<byte>(
        TradeFrame.HeaderBytes + TradeFrame.MaxPayloadBytes);

    public int ShardCount => 1;

    public ValueTask<OnceOutcome[]> AppendOnceAsync(
        int shard,
        IReadOnlyList<OnceAppend> appends,
        long receivedAtTicks,
        CancellationToken cancellation)
    {
        lock (backEnd.KeysGate)
        {
            var outcomes = Look(appends);
            if (outcomes.Contains(OnceOutcome.Logged))
                Append(appends, outcomes, receivedAtTicks);
            return ValueTask.FromResult(outcomes);
        }
    }

    /// <summary>The outcomes, provided that the append succeeds.</summary>
    private OnceOutcome[] Look(IReadOnlyList<OnceAppend> appends)
    {
        var now = time.GetUtcNow().UtcTicks;
        var outcomes = new OnceOutcome[appends.Count]; // Logged, until a key is found
        for (var i = 0; i < outcomes.Length; i++)
        {
            var bound = appends[i].Bound;
            if (backEnd.Keys.TryFind(bound.Key, now, out var body))
                outcomes[i] = body == bound.Body ? OnceOutcome.Repeated : OnceOutcome.OtherBody;
        }
        return outcomes;
    }

    private void Append(
        IReadOnlyList<OnceAppend> appends, OnceOutcome[] outcomes, long receivedAtTicks)
    {
        var length = TradeFrame.HeaderBytes;
        var count = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] != OnceOutcome.Logged)
                continue;
            appends[i].Records.Span.CopyTo(_frame.AsSpan(length));
            length += appends[i].Records.Length;
            count += appends[i].Count;
        }
        var keyBytes = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] != OnceOutcome.Logged)
                continue;
            appends[i].Bound.Write(_frame.AsSpan(length + keyBytes, BoundKey.Bytes));
            keyBytes += BoundKey.Bytes;
        }
        var frame = _frame.AsSpan(0, length + keyBytes);
        TradeFrame.Seal(frame, count, producerId: 0, 0, receivedAtTicks, keyBytes);
        backEnd.Append(frame, receivedAtTicks);
        _ = TradeFrame.ReadHeader(frame, out var header);
        backEnd.Keys.Add(frame, header);
    }
}
