using System.Globalization;

namespace TradeProcessor.Bench.Servers;

/// <summary>A way of the host to take requests in.</summary>
internal sealed record HostVariant(string Name, params IReadOnlyList<string> Arguments)
{
    /// <summary>
    /// The ways that stand beside each other in the rows of single and pipelined POSTs; the last
    /// one is the one that the goals are about.
    /// </summary>
    public static IReadOnlyList<HostVariant> All { get; } =
    [
        new(
            "host, Kestrel's sockets and HTTP",
            "--Connections:Transport", "Sockets", "--Intake:Lane", "false"),
        new("host, lane on Kestrel's sockets", "--Connections:Transport", "Sockets"),
        new("host, lane on epoll", "--Connections:Transport", "Epoll"),
        new("host, lane on io_uring", "--Connections:Transport", "Uring"),
    ];

    // Those that ask the host how it is.
    private const int Others = 64;

    /// <summary>As it comes; of all other rows.</summary>
    public static HostVariant Default { get; } = new("host");

    /// <summary>For more connections than the process may have files.</summary>
    public static HostVariant Crowd(int connections) => new(
        "host, io_uring",
        "--Connections:Transport", "Uring",
        "--Connections:Most", (connections + Others).ToString(CultureInfo.InvariantCulture));
}
