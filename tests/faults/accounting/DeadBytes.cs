namespace TradeProcessor.Tests.Faults.Accounting;

/// <summary>An element of a shard's log that cannot be counted.</summary>
/// <param name="Hex">All its bytes.</param>
internal readonly record struct DeadBytes(int Shard, string Hex) : IComparable<DeadBytes>
{
    public static DeadBytes Of(int shard, ReadOnlySpan<byte> bytes) =>
        new(shard, Convert.ToHexString(bytes));

    public int CompareTo(DeadBytes other) => Shard != other.Shard
        ? Shard.CompareTo(other.Shard)
        : string.CompareOrdinal(Hex, other.Hex);
}
