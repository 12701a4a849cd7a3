using System.Diagnostics;
using TradeProcessor.Load.Reporting;
using TradeProcessor.Load.Verifying;

namespace TradeProcessor.Load.Sending;

/// <summary>All tallies of a run added up. Trades, where nothing else is said.</summary>
internal sealed class RunResult
{
    /// <summary>Trades that the run was to send; null where only time limited it.</summary>
    public long? Offered { get; init; }

    public bool Interrupted { get; init; }

    public long Accepted { get; set; }

    public long Rejected { get; set; }

    /// <summary>429, 503 and the like to the end of patience: certainly not in the log.</summary>
    public long Refused { get; set; }

    public long Unanswered { get; set; }

    /// <summary>Requests sent again.</summary>
    public long Retries { get; set; }

    /// <summary>Connections cut while answers were owed.</summary>
    public long Cuts { get; set; }

    public long FirstSend { get; set; } = long.MaxValue;

    public long LastAck { get; set; }

    public string? FirstProblem { get; set; }

    public LatencyHistogram Latency { get; } = new();

    public SortedDictionary<int, long> Statuses { get; } = [];

    public Ledger Acknowledged { get; } = new();

    public Ledger Doubtful { get; } = new();

    public long Sent => Accepted + Rejected + Refused + Unanswered;

    public long Unsent => Offered is { } offered ? Math.Max(0, offered - Sent) : 0;

    /// <summary>From the first byte sent to the last acknowledgement.</summary>
    public double Seconds =>
        LastAck <= FirstSend ? 0 : Stopwatch.GetElapsedTime(FirstSend, LastAck).TotalSeconds;

    public double TradesPerSecond => Seconds > 0 ? Accepted / Seconds : 0;

    public bool IsGood =>
        Rejected + Refused + Unanswered + Unsent == 0 && Accepted > 0 && !Interrupted;
}
