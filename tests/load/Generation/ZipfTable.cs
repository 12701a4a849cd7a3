namespace TradeProcessor.Load.Generation;

/// <summary>
/// Draws ranks with weight <c>1 / (rank + 1)^exponent</c> by one load: each rank owns its share of
/// 4,096 slots, the rarest at least one.
/// </summary>
internal sealed class ZipfTable
{
    public const int Slots = 4096;

    private readonly byte[] _ranks = new byte[Slots];

    public ZipfTable(int ranks, double exponent)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ranks, byte.MaxValue);

        var total = 0.0;
        for (var rank = 0; rank < ranks; rank++)
            total += Math.Pow(rank + 1, -exponent);

        // From the rarest down, so that what rounding leaves goes to the most frequent, rank 0.
        var slot = Slots;
        for (var rank = ranks - 1; rank > 0; rank--)
        {
            var share = Math.Max(1, (int)(Math.Pow(rank + 1, -exponent) / total * Slots));
            for (; share > 0; share--)
                _ranks[--slot] = (byte)rank;
        }
    }

    /// <summary>The rank that the low 12 bits of <paramref name="random"/> choose.</summary>
    public int Rank(ulong random) => _ranks[random & (Slots - 1)];
}
