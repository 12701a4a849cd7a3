namespace TradeProcessor.Tests.Faults.Clients;

/// <summary>
/// One cell (pair, country) that one client alone posts to, and what it knows of it. From the
/// cell's count and sums alone it is decided whether acknowledged ⊆ stored ⊆ sent, each once:
/// <para>
/// Each trade has two random amounts of 18 digits, together about 119 random bits. Trades whose
/// outcome stayed unknown are at most <see cref="MaxUnknown"/>, so there are at most 2^18 sets of
/// trades that may be stored: all acknowledged ones and any of the unknown ones. The stored sums,
/// less the acknowledged ones, must be those of one of these sets; all are tried.
/// </para>
/// <para>
/// Something lost or counted twice leaves a residual that differs from that of a right set by a
/// fixed combination of random amounts. That it is still the sum of one of 2^18 sets has, for each
/// combination, a probability of 2^18 / 2^119. Even if any 4 out of 100,000 trades may have gone wrong
/// in either way, which are 2^70 combinations, that is 2^-31 for the page.
/// </para>
/// Where every request was repeated under its Idempotency-Key until it was answered, nothing is
/// unknown, and the one set that is left must be there to the last digit.
/// </summary>
internal sealed class Page(string pair, string country)
{
    public const int MaxUnknown = 18;

    private readonly List<TradeSums> _unknown = [];

    public string Pair => pair;

    public string Country => country;

    public TradeSums Acknowledged { get; private set; }

    public int Unknown => _unknown.Count;

    public void Acknowledge(IEnumerable<TradeSums> trades)
    {
        foreach (var trade in trades)
            Acknowledged += trade;
    }

    /// <summary>Each of them may be in the log or not: a request may be cut over two frames.</summary>
    public void LeaveUnknown(IEnumerable<TradeSums> trades) => _unknown.AddRange(trades);

    /// <summary>
    /// How many of the unknown trades are stored; null where the sums are those of no allowed set.
    /// </summary>
    public int? Settle(TradeSums stored)
    {
        Assert.True(_unknown.Count <= MaxUnknown, "too much is unknown to be decided");
        var wanted = stored - Acknowledged;
        var sum = default(TradeSums);
        // Gray code: one trade comes in or goes out a step.
        for (uint step = 0, set = 0; ;)
        {
            if (sum == wanted)
                return (int)sum.Count;
            if (++step >= 1u << _unknown.Count)
                return null;
            var next = System.Numerics.BitOperations.TrailingZeroCount(step);
            set ^= 1u << next;
            sum = (set >> next & 1) != 0 ? sum + _unknown[next] : sum - _unknown[next];
        }
    }
}
