namespace TradeProcessor.Bench.Http;

/// <summary>Settings of the kernel that are raised for a run and put back after it.</summary>
internal sealed class KernelSettings : IDisposable
{
    private static readonly (string File, string Value)[] Wanted =
    [
        ("/proc/sys/net/core/somaxconn", "65535"),
        ("/proc/sys/net/ipv4/tcp_max_syn_backlog", "65535"),
        ("/proc/sys/net/ipv4/ip_local_port_range", "10240\t65535"),
    ];

    private readonly List<(string File, string Before)> _changed = [];

    public KernelSettings()
    {
        foreach (var (file, value) in Wanted)
        {
            try
            {
                var before = File.ReadAllText(file).Trim();
                if (before == value)
                    continue;
                File.WriteAllText(file, value);
                _changed.Add((file, before));
                Console.WriteLine($"  {file}: {before} → {value} for this run");
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Console.WriteLine($"  {file} stays as it is: {exception.Message}");
            }
        }
    }

    /// <summary>What the settings are now, in one line.</summary>
    public static string Describe() => string.Join(", ", Wanted.Select(
        wanted => $"{Path.GetFileName(wanted.File)} {File.ReadAllText(wanted.File).Trim()}"));

    public void Dispose()
    {
        foreach (var (file, before) in _changed)
            File.WriteAllText(file, before);
    }
}
