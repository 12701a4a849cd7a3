using System.Buffers.Binary;
using StackExchange.Redis;
using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>
/// Turns what a worker commits into the commands of a <see cref="CommitScript"/>. Lives as long as
/// a lease: it knows which names were sent under it.
/// </summary>
internal sealed class CommitBuilder(int shard, int recentTrades, CellRetention retention)
{
    private const int RecentHeaderBytes = 12;
    private const int BlockPart = 3;
    private const int FewCells = 64;

    private readonly ulong _lease = (ulong)Random.Shared.NextInt64();
    private readonly HashSet<CurrencyPair> _pairs = [];
    private readonly HashSet<CountryCode> _countries = [];

    public void Add(CommitScript script, ShardCommit commit)
    {
        var stamp = new IntervalStamp(_lease, commit.EndPosition);
        foreach (var cells in commit.Intervals)
        {
            if (cells.IsClosing || IsMostly(cells))
                AddBlock(script, cells);
            else
                AddChanged(script, cells);
            if (!cells.Cells.IsEmpty)
                AddTotal(script, cells, stamp);
            if (cells.Interval.Resolution == Resolution.Day)
                AddNames(script, cells.Cells.Span);
        }
        AddRecent(script, commit.NewestTrades);
        AddState(script, commit);
    }

    // A field costs Redis far more than its bytes in a string: where a third of an interval has
    // changed, as where many trades come, writing all of it is less work for both sides.
    private static bool IsMostly(IntervalCells cells) =>
        cells.Cells.Length > FewCells
        && (long)cells.Cells.Length * BlockPart >= cells.All.Length;

    private void AddChanged(CommitScript script, IntervalCells cells)
    {
        if (cells.Cells.IsEmpty)
            return;
        var values = new RedisValue[2 * cells.Cells.Length];
        for (var i = 0; i < cells.Cells.Length; i++)
        {
            ref readonly var cell = ref cells.Cells.Span[i];
            values[2 * i] = RedisCells.Field(cell.Key);
            values[2 * i + 1] = RedisCells.Value(cell.Value, cells.Interval.StartTicks);
        }
        var key = RedisKeys.Cells(shard, cells.Interval);
        script.Add("HSET", key, values);
        script.Add("PEXPIREAT", key, Expiry(cells.Interval));
    }

    private void AddBlock(CommitScript script, IntervalCells cells)
    {
        var key = RedisKeys.Block(shard, cells.Interval);
        script.Add("SET", key, RedisCells.Block(cells.Interval.StartTicks, cells.All.Span));
        script.Add("PEXPIREAT", key, Expiry(cells.Interval));
        script.Add("DEL", RedisKeys.Cells(shard, cells.Interval));
    }

    private void AddTotal(CommitScript script, IntervalCells cells, IntervalStamp stamp)
    {
        var key = RedisKeys.Totals(shard, cells.Interval);
        var number = RedisKeys.Number(cells.Interval);
        var resolution = cells.Interval.Resolution;
        script.Add(
            "HSET",
            key,
            CommitScript.Text(number),
            RedisCells.Total(stamp, cells.Total, cells.Interval.StartTicks));
        var bucketTicks = (number - number % RedisKeys.BucketIntervals) * resolution.Ticks;
        script.Add("PEXPIREAT", key, Expiry(bucketTicks, RedisKeys.BucketIntervals, resolution));
    }

    private void AddNames(CommitScript script, ReadOnlySpan<Cell> cells)
    {
        var pairs = new HashSet<CurrencyPair>();
        var countries = new HashSet<CountryCode>();
        foreach (ref readonly var cell in cells)
        {
            if (cell.Key == CellKey.Other)
                continue;
            if (_pairs.Add(cell.Key.Pair))
                _ = pairs.Add(cell.Key.Pair);
            if (_countries.Add(cell.Key.Country))
                _ = countries.Add(cell.Key.Country);
        }
        if (pairs.Count > 0)
            script.Add("SADD", RedisKeys.Pairs(shard), [.. pairs.Select(Name)]);
        if (countries.Count > 0)
            script.Add("SADD", RedisKeys.Countries(shard), [.. countries.Select(Name)]);

        static RedisValue Name<T>(T code) => code!.ToString();
    }

    // From the newest back, as many trades as the list keeps.
    private void AddRecent(CommitScript script, IReadOnlyList<RecordBlock> blocks)
    {
        var added = 0;
        var values = new List<RedisValue>();
        for (var i = blocks.Count - 1; i >= 0 && added < recentTrades; i--)
        {
            var records = blocks[i].Records.Span;
            var count = Count(records);
            for (; count > recentTrades - added; count--)
                records = records[TradeRecord.LengthAt(records)..];
            if (count == 0)
                continue;
            var bytes = new byte[RecentHeaderBytes + records.Length];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, blocks[i].ReceivedAtTicks);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), count);
            records.CopyTo(bytes.AsSpan(RecentHeaderBytes));
            values.Add(bytes);
            added += count;
        }
        if (added == 0)
            return;
        values.Reverse();
        script.Add("RPUSH", RedisKeys.Recent(shard), [.. values]);
        script.TrimRecent(added, recentTrades);
    }

    private void AddState(CommitScript script, ShardCommit commit)
    {
        var key = RedisKeys.State(shard);
        script.Add("HSET", key, "total", CommitScript.Text(commit.AggregatedTotal));
        if (commit.FirstTimeTicks > 0)
            script.Add("HSETNX", key, "since", CommitScript.Text(commit.FirstTimeTicks));
        if (commit.LogTimeTicks > 0)
            script.Add("HSET", key, "time", CommitScript.Text(commit.LogTimeTicks));
    }

    private RedisValue Expiry(IntervalKey interval) =>
        Expiry(interval.StartTicks, 1, interval.Resolution);

    private RedisValue Expiry(long startTicks, int intervals, Resolution resolution)
    {
        var ticks = startTicks + intervals * resolution.Ticks + retention.For(resolution).Ticks;
        return CommitScript.Text(
            (ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond);
    }

    private static int Count(ReadOnlySpan<byte> records)
    {
        var count = 0;
        foreach (var _ in new TradeFrame.RecordEnumerator(records))
            count++;
        return count;
    }
}
