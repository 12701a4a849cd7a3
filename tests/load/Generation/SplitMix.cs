namespace TradeProcessor.Load.Generation;

/// <summary>
/// SplitMix64: a stream that any (seed, index) can start in two multiplications, which is what
/// makes a trade depend on nothing but these two.
/// </summary>
internal struct SplitMix
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state;

    public SplitMix(ulong seed, long index) => _state = Mix(seed ^ Mix((ulong)index + Gamma));

    public ulong Next() => Mix(_state += Gamma);

    /// <summary>A value below the bound, by multiplication instead of division.</summary>
    public ulong Below(ulong bound) => Math.BigMul(Next(), bound, out _);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
