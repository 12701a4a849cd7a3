using TradeProcessor.Load.Crowd;

namespace TradeProcessor.Load;

/// <summary>What the command line asks for, checked.</summary>
internal sealed record LoadOptions
{
    public required string Url { get; init; }

    /// <summary>Where the aggregates are read, if not at <see cref="Url"/>.</summary>
    public string? ReadUrl { get; init; }

    public required int Connections { get; init; }

    public long? Count { get; init; }

    public TimeSpan? Duration { get; init; }

    public int Batch { get; init; } = 1;

    public int Pipeline { get; init; } = 1;

    public double Rate { get; init; }

    public ulong Seed { get; init; } = 1;

    public bool Retry { get; init; }

    public bool Verify { get; init; }

    public TimeSpan VerifyTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public IReadOnlyList<string> Headers { get; init; } = [];

    public IReadOnlyList<string> Files { get; init; } = [];

    public int Hold { get; init; }

    public TimeSpan HoldFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>POSTs a second over the held connections; 0 for none.</summary>
    public double PostRate { get; init; }

    public int PostSeconds { get; init; } = 30;

    public int PostRounds { get; init; } = 1;

    /// <summary>Set in a process that holds a part of the connections for another one.</summary>
    public CrowdPart? HoldPart { get; init; }

    public string? Source { get; init; }

    public bool Json { get; init; }
}
