using System.Globalization;

namespace TradeProcessor.Tests.Faults.Clients;

/// <summary>How a client behaves.</summary>
internal sealed record Lane
{
    /// <summary>
    /// Repeats each request under an Idempotency-Key until it is answered. One without it never
    /// repeats: to the accounts, a repeat is one more request with trades of its own.
    /// </summary>
    public bool IsKeyed { get; init; }

    public BodyShape Shape { get; init; }

    /// <summary>A connection for each request, instead of one that is kept.</summary>
    public bool Reconnects { get; init; }

    /// <summary>Largest number of trades in a request.</summary>
    public int MaxTrades { get; init; } = 6;

    /// <summary>Pause between two requests.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>All kinds there are: with and without key, each shape, kept connections and new ones.</summary>
    public static IReadOnlyList<Lane> Mixed { get; } =
    [
        .. from isKeyed in (bool[])[true, false]
           from shape in Enum.GetValues<BodyShape>()
           from reconnects in (bool[])[true, false]
           select new Lane { IsKeyed = isKeyed, Shape = shape, Reconnects = reconnects },
    ];

    /// <summary>The keyed ones of <see cref="Mixed"/>.</summary>
    public static IReadOnlyList<Lane> Keyed { get; } = [.. Mixed.Where(lane => lane.IsKeyed)];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsKeyed ? "keyed" : "plain")} {Shape} {(Reconnects ? "new" : "kept")} connections");
}
