namespace TradeProcessor.Load.Verifying;

/// <summary>A cell in which the service differs from what was acknowledged.</summary>
internal sealed record CellDifference(string Cell, CellSum Low, CellSum High, CellSum Got)
{
    public override string ToString() =>
        Low == High
            ? $"{Cell}: expected {Low}; got {Got}"
            : $"{Cell}: expected from {Low} to {High}; got {Got}";
}

/// <summary>
/// What must be stored: all that was acknowledged, and beyond that nothing but copies whose
/// outcome is unknown.
/// </summary>
internal sealed class CellComparison
{
    private readonly Dictionary<CellName, CellSum> _baseline;
    private readonly Dictionary<CellName, CellSum> _low;
    private readonly Dictionary<CellName, CellSum> _doubtful;
    private readonly CellSum _totalLow;
    private readonly CellSum _totalHigh;

    /// <param name="baseline">What was stored before the run.</param>
    /// <param name="acknowledged">Trades whose 202 came.</param>
    /// <param name="doubtful">Copies of trades of which nobody knows.</param>
    /// <param name="acceptedCount">
    /// Acknowledged trades; more than in the cells where a batch was accepted in unknown part.
    /// </param>
    public CellComparison(
        Dictionary<CellName, CellSum> baseline,
        Dictionary<CellName, CellSum> acknowledged,
        Dictionary<CellName, CellSum> doubtful,
        long acceptedCount)
    {
        _baseline = baseline;
        _low = acknowledged;
        _doubtful = doubtful;
        _totalLow = Total(acknowledged);
        _totalHigh = _totalLow + Total(doubtful);
        _totalLow = _totalLow with { Count = acceptedCount };
    }

    public bool IsExact => _doubtful.Count == 0;

    public long LowCount => _totalLow.Count;

    public long HighCount => _totalHigh.Count;

    /// <summary>The service has an overflow cell: only totals can be compared.</summary>
    public static bool HasOverflow(Dictionary<CellName, CellSum> stored) =>
        stored.Keys.Any(name => name.IsOverflow);

    public long NewTrades(Dictionary<CellName, CellSum> stored) =>
        (Total(stored) - Total(_baseline)).Count;

    public List<CellDifference> Differences(Dictionary<CellName, CellSum> stored)
    {
        var differences = new List<CellDifference>();
        var total = Total(stored) - Total(_baseline);
        if (!total.IsWithin(_totalLow, _totalHigh))
            differences.Add(new CellDifference("all", _totalLow, _totalHigh, total));
        if (HasOverflow(stored) || HasOverflow(_baseline))
            return differences;

        var names = stored.Keys.Concat(_baseline.Keys).Concat(_low.Keys).Distinct()
            .OrderBy(name => name.ToString(), StringComparer.Ordinal);
        foreach (var name in names)
        {
            var got = stored.GetValueOrDefault(name) - _baseline.GetValueOrDefault(name);
            var low = _low.GetValueOrDefault(name);
            var high = low + _doubtful.GetValueOrDefault(name);
            if (!got.IsWithin(low, high))
                differences.Add(new CellDifference(name.ToString(), low, high, got));
        }

        return differences;
    }

    private static CellSum Total(Dictionary<CellName, CellSum> cells) =>
        cells.Values.Aggregate(default(CellSum), (sum, cell) => sum + cell);
}
