using TradeProcessor.Contracts;

namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>Totals over all shards, with one call a shard, all in flight together.</summary>
internal sealed class SummaryReader(RedisBackEnd backEnd, TimeProvider time)
{
    private const int RateSeconds = 5;

    private Names _names = Names.None(backEnd.ShardCount);

    /// <param name="LogTimeTicks">Time of receipt of the newest trade counted; 0 for none.</param>
    public readonly record struct Answer(StoreSummary Summary, long LogTimeTicks);

    /// <exception cref="LogUnavailableException"/>
    public async Task<Answer> ReadAsync()
    {
        var known = Volatile.Read(ref _names);
        var (epoch, rejected, shards) = await ReadAsync(known);
        if (epoch != known.Epoch && known.Epoch is not null)
        {
            // Another content may have as many names.
            known = Names.None(backEnd.ShardCount);
            (epoch, rejected, shards) = await ReadAsync(known);
        }
        var names = known.With(epoch, shards);
        Volatile.Write(ref _names, names);
        var now = time.GetUtcNow().UtcTicks;
        var oldest = shards.Min(shard => shard.OldestTicks is > 0 and var at ? at : long.MaxValue);
        var since = shards.Min(shard => shard.SinceTicks is > 0 and var at ? at : long.MaxValue);
        var summary = new StoreSummary(
            epoch,
            shards.Sum(shard => shard.Total),
            rejected,
            names.PairCount,
            names.CountryCount,
            Math.Max(0, now - oldest) / (double)TimeSpan.TicksPerSecond,
            shards.Sum(shard => shard.RateTrades) / (double)RateSeconds,
            since == long.MaxValue ? null : new DateTime(since, DateTimeKind.Utc));
        return new Answer(summary, shards.Max(shard => shard.LogTimeTicks));
    }

    private async Task<(string Epoch, long Rejected, ShardSummary[] Shards)> ReadAsync(Names known)
    {
        var second = Resolution.Second.StartOf(time.GetUtcNow().UtcTicks);
        var epoch = backEnd.EpochAsync(CancellationToken.None).AsTask();
        var rejected = RedisRejects.TotalAsync(backEnd.Link, CancellationToken.None).AsTask();
        var shards = Task.WhenAll(Enumerable.Range(0, backEnd.ShardCount).Select(
            shard => ShardSummary.ReadAsync(
                backEnd.Link,
                shard,
                second,
                RateSeconds,
                known.Pairs[shard],
                known.Countries[shard])));
        await Task.WhenAll(epoch, rejected, shards);
        return (await epoch, await rejected, await shards);
    }

    /// <summary>Pairs and countries of each shard, and how many there are in all.</summary>
    private sealed record Names(
        string? Epoch, NameSet[] Pairs, NameSet[] Countries, int PairCount, int CountryCount)
    {
        public static Names None(int shards)
        {
            NameSet[] none = [.. Enumerable.Repeat(new NameSet(null), shards)];
            return new Names(null, none, none, 0, 0);
        }

        public Names With(string epoch, ShardSummary[] shards)
        {
            NameSet[] pairs = [.. shards.Select(shard => shard.Pairs)];
            NameSet[] countries = [.. shards.Select(shard => shard.Countries)];
            return new Names(
                epoch,
                pairs,
                countries,
                pairs.SequenceEqual(Pairs) ? PairCount : Union(pairs),
                countries.SequenceEqual(Countries) ? CountryCount : Union(countries));
        }

        private static int Union(NameSet[] sets)
        {
            var all = new HashSet<string>();
            foreach (var set in sets)
                all.UnionWith(set.Values ?? []);
            return all.Count;
        }
    }
}
