using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Takes a shard's frames out of its list, one range ahead of who counts them. Holds at most two
/// ranges. Not thread-safe.
/// </summary>
/// <param name="alive">Cancelled when the lease has ended.</param>
internal sealed class LogReadAhead(
    RedisBackEnd backEnd, RedisRepeat repeat, int shard, string token, CancellationToken alive)
{
    // Together enough to hide a round trip at a million trades a second.
    private const int RangeFrames = 64;
    private const int RangeBytes = 2 << 20;

    private readonly Queue<byte[]> _held = new();
    private Task<List<byte[]>>? _ahead;

    /// <summary>Of the next frame that is handed out.</summary>
    public long Position { get; private set; }

    /// <summary>Behind the last commit.</summary>
    public long Committed { get; set; }

    /// <summary>Begins at another position; what is held is let go.</summary>
    public void Seek(long position)
    {
        _held.Clear();
        _ahead = null;
        Position = position;
    }

    /// <summary>Whether the shard has a frame at the position.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_held.Count > 0)
            return true;
        // A range that was asked for early may be empty by mistake: frames may have come since.
        if (!await TakeAsync(_ahead, cancellation))
            _ = await TakeAsync(FetchAsync(Position), cancellation);
        return _held.Count > 0;
    }

    /// <summary>The next frame, or null where there is none yet.</summary>
    public async ValueTask<byte[]?> NextAsync(CancellationToken cancellation)
    {
        if (!await FillAsync(cancellation))
            return null;
        Position++;
        return _held.Dequeue();
    }

    private async ValueTask<bool> TakeAsync(
        Task<List<byte[]>>? range, CancellationToken cancellation)
    {
        if (range is null)
            return false;
        // Kept while it is waited for: a wait that is cancelled goes on with it the next time.
        _ahead = range;
        var frames = await range.WaitAsync(cancellation);
        _ahead = null;
        foreach (var frame in frames)
            _held.Enqueue(frame);
        if (frames.Count == RangeFrames || frames.Sum(frame => (long)frame.Length) > RangeBytes / 2)
            _ahead = FetchAsync(Position + _held.Count);
        return frames.Count > 0;
    }

    private Task<List<byte[]>> FetchAsync(long position)
    {
        // A commit may overtake the call: the store is at this position or behind it.
        var committed = Committed;
        return repeat.UntilKnownAsync(ReadAsync, alive).AsTask();

        async ValueTask<List<byte[]>> ReadAsync(CancellationToken cancellation)
        {
            var read = await LeaseScripts.Read.EvaluateAsync(
                backEnd.Link,
                [RedisKeys.Fence(shard), RedisKeys.State(shard), RedisKeys.Log(shard)],
                [token, CommitScript.Text(position), RangeFrames, RangeBytes,
                    CommitScript.Text(committed)],
                cancellation);
            return read.IsNull
                ? throw new LeaseLostException(await LossAsync(cancellation))
                : ((RedisResult[])read!).Select(frame => (byte[])frame!).ToList();
        }

        // Only for people: what is done about it is the same.
        async ValueTask<string> LossAsync(CancellationToken cancellation)
        {
            var head = await backEnd.Link.CallAsync(
                database => database.HashGetAsync(RedisKeys.State(shard), "head"), cancellation);
            return (long)head < committed
                ? $"Redis has lost content: it is at position {(long)head}, {committed} was committed"
                : "another lease of it was given out meanwhile";
        }
    }
}
