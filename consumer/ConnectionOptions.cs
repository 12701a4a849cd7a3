using System.ComponentModel.DataAnnotations;

namespace TradeProcessor.Consumer;

/// <summary>
/// Section <c>Connections</c>: what an endpoint needs for very many connections, whichever
/// transport it has.
/// </summary>
public sealed class ConnectionOptions
{
    /// <summary>
    /// What carries connections: our own loops over io_uring or over epoll, or Kestrel's sockets,
    /// which are also used where there is no epoll. Where the system bars io_uring (containers
    /// often do), epoll is used, and the log says so.
    /// </summary>
    public ConnectionTransport Transport { get; set; } = ConnectionTransport.Auto;

    /// <summary>
    /// Most connections that are open at once; those past it wait in the kernel's backlog. By
    /// default what the limit of open files allows: that many in all, with io_uring that many for
    /// each processor. With io_uring it may be more, up to a million and beyond.
    /// </summary>
    [Range(1, 16_000_000)]
    public int? Most { get; set; }

    /// <summary>
    /// Connections that the kernel has opened and that wait to be accepted. A burst of 20,000
    /// clients must find room while the process is busy for a moment; the kernel takes
    /// <c>net.core.somaxconn</c> at most, and an empty queue costs nothing.
    /// </summary>
    [Range(1, 65_535)]
    public int Backlog { get; set; } = 32_768;

    /// <summary>
    /// Whether other processes of the same user may listen on the same port (SO_REUSEPORT); the
    /// kernel spreads new connections over them. Not by default: a second start by mistake would
    /// not be refused then.
    /// </summary>
    public bool ReusePort { get; set; }

    /// <summary>
    /// Whether requests of the common form are worked on by the loop that has read them; else on
    /// the thread pool. On Kestrel's sockets it is always the pool.
    /// </summary>
    public bool Inline { get; set; } = true;

    /// <summary>
    /// How long a connection may be silent between two requests. Longer than balancers keep theirs
    /// (75 s in <c>ops/haproxy.cfg</c>): otherwise they send into one that is just being closed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(130);
}

/// <summary>See <see cref="ConnectionOptions.Transport"/>.</summary>
public enum ConnectionTransport
{
    /// <summary>io_uring where the system has it, else epoll.</summary>
    Auto,
    Epoll,

    /// <summary>As <see cref="Auto"/>; a system that bars it is warned of.</summary>
    Uring,

    /// <summary>Kestrel's own.</summary>
    Sockets,
}
