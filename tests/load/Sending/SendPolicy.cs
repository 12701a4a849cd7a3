using TradeProcessor.Load.Generation;
using TradeProcessor.Load.Http;

namespace TradeProcessor.Load.Sending;

/// <summary>How requests are made and how long a refusal is put up with.</summary>
internal sealed record SendPolicy(
    RequestTemplate Template, bool Batched, int Pipeline, bool RetryUnknown)
{
    /// <summary>With a Retry-After of a second: longer than a fail-over takes.</summary>
    public const int MaxRetries = 20;

    // A proxy may say minutes; a load run rather finds out again.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    public int MaxBytes(List<Job> burst)
    {
        var bytes = 0;
        foreach (var job in burst)
            bytes += Template.Length + job.Count * (TradeJson.MaxBytes + 1);
        return bytes;
    }

    /// <param name="attempts">How often it has been sent, from 1.</param>
    /// <param name="retryAfter">Seconds that the service asked for, -1 where it did not.</param>
    public static TimeSpan PauseAfter(int attempts, int retryAfter)
    {
        var pause = retryAfter switch
        {
            < 0 => TimeSpan.FromMilliseconds(50 << Math.Min(attempts, 8)),
            0 => TimeSpan.FromMilliseconds(10),
            _ => TimeSpan.FromSeconds(retryAfter),
        };
        return pause < LongestPause ? pause : LongestPause;
    }
}
