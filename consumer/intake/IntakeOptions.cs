using System.ComponentModel.DataAnnotations;
using TradeProcessor.Serving;

namespace TradeProcessor.Consumer.Intake;

/// <summary>Section <c>Intake</c>.</summary>
public sealed class IntakeOptions : IValidatableObject
{
    /// <summary>
    /// Requests that may wait for the log, for each shard. A request holds about 0.5 KB while it
    /// waits; a million connections do not all post within one flush of 1 ms.
    /// </summary>
    [Range(1, 10_000_000)]
    public int ChannelCapacity { get; set; } = 100_000;

    /// <summary>
    /// Bytes of records that all requests together may hold in memory, from parsing until they are
    /// logged.
    /// </summary>
    [Range(1 << 20, 1L << 40)]
    public long MaxPendingBytes { get; set; } = 512 << 20;

    /// <summary>Largest body with a single trade; the sample trade has 186 bytes.</summary>
    [Range(256, 4096)]
    public int MaxTradeBytes { get; set; } = 4096;

    /// <summary>Largest body with many trades.</summary>
    [Range(4096, 1 << 30)]
    public long MaxBatchBytes { get; set; } = 8 << 20;

    /// <summary>
    /// Longest time that the log may take for a write before those who wait are told to try
    /// again. A flush takes under 1 ms on a solid-state disk.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan StallLimit { get; set; } = TimeSpan.FromMilliseconds(800);

    /// <summary>
    /// Longest time that a stopping consumer waits for the log; what is not in it then is refused.
    /// Shorter than the eight seconds that the host gives its services.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests a second that one address may send; 0 for no limit.</summary>
    [Range(0, 10_000_000)]
    public int ClientRequestsPerSecond { get; set; }

    /// <summary>
    /// Whether requests of the common form are read straight from the connection, below Kestrel's
    /// HTTP. Without it every request takes the plain way, which answers the same.
    /// </summary>
    public bool Lane { get; set; } = true;

    /// <summary>
    /// Whether what a loop has read goes into the log together once it has read all that is there
    /// (1 ms at most); else each request goes by itself.
    /// </summary>
    public bool Gather { get; set; } = true;

    /// <summary>
    /// How long a consumer that is told to stop goes on serving while /health/ready says no. Longer
    /// than a balancer takes to notice: two checks of <c>ops/haproxy.cfg</c> are 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DrainNotice { get; set; }

    /// <summary>The old name of <c>Http:TrustedProxies</c>, for one version.</summary>
    public IList<string> TrustedProxies { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        HttpOptions.CheckAddresses(TrustedProxies, nameof(TrustedProxies));
}
