namespace TradeProcessor.Storage.Engine.Redis;

/// <summary>How many shards each worker is to have. All workers come to the same shares.</summary>
internal static class ShardShares
{
    /// <summary>
    /// Shares differ by one at most and add up to all shards; the first workers by name have the
    /// greater ones. A worker that is not on the list counts as one more.
    /// </summary>
    public static int Of(string worker, IReadOnlyCollection<string> workers, int shards)
    {
        var names = new SortedSet<string>(workers, StringComparer.Ordinal) { worker };
        var before = names.TakeWhile(name => name != worker).Count();
        return shards / names.Count + (before < shards % names.Count ? 1 : 0);
    }
}
