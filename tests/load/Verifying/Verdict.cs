namespace TradeProcessor.Load.Verifying;

/// <summary>What the storage API said about the run.</summary>
internal sealed record Verdict
{
    public required bool Agreed { get; init; }

    /// <summary>From the first POST to the answer in which everything agreed.</summary>
    public double? SecondsFromFirstPost { get; init; }

    public long Stored { get; init; }

    public int Cells { get; init; }

    /// <summary>False where unanswered trades leave only bounds to check.</summary>
    public bool Exact { get; init; }

    /// <summary>True where an overflow cell left only the totals to compare.</summary>
    public bool TotalsOnly { get; init; }

    public long Low { get; init; }

    public long High { get; init; }

    public IReadOnlyList<CellDifference> Differences { get; init; } = [];

    /// <summary>Why the API could not be read, where that is the reason.</summary>
    public string? Problem { get; init; }
}
