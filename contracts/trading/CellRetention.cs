namespace TradeProcessor.Contracts;

/// <summary>How long cells of each resolution are kept, counted back from the newest trade.</summary>
public sealed record CellRetention(TimeSpan Second, TimeSpan Minute, TimeSpan Hour, TimeSpan Day)
{
    public TimeSpan For(Resolution resolution) => resolution switch
    {
        Resolution.Second => Second,
        Resolution.Minute => Minute,
        Resolution.Hour => Hour,
        Resolution.Day => Day,
        _ => throw new ArgumentOutOfRangeException(nameof(resolution)),
    };
}
