using System.Globalization;

namespace TradeProcessor.Bench.Connections;

/// <summary>What processes take of the memory, in bytes, as Linux tells it.</summary>
/// <param name="Rss">Pages that are mapped, shared ones counted by each.</param>
/// <param name="Pss">Likewise, a shared page divided by those that share it.</param>
internal readonly record struct ProcessMemory(long Rss, long Pss)
{
    private const long Change = 1 << 20;
    private const int QuietLooks = 4;
    private const int MostLooks = 24;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    public static ProcessMemory operator +(ProcessMemory left, ProcessMemory right) =>
        new(left.Rss + right.Rss, left.Pss + right.Pss);

    public static ProcessMemory Of(int process)
    {
        var lines = File.ReadAllLines($"/proc/{process}/smaps_rollup");
        return new ProcessMemory(Kibibytes(lines, "Rss:"), Kibibytes(lines, "Pss:"));
    }

    /// <summary>Children of a process whose command line has the text.</summary>
    public static int[] Children(int parent, string text) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(
                Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && IsChild(id, parent, text)),
    ];

    public static long Available => Kibibytes(File.ReadAllLines("/proc/meminfo"), "MemAvailable:");

    /// <summary>Objects of the kernel: sockets, files, watches.</summary>
    public static long Slab => Kibibytes(File.ReadAllLines("/proc/meminfo"), "Slab:");

    /// <summary>Bytes that wait in TCP sockets.</summary>
    public static long SocketData
    {
        get
        {
            var words = File.ReadLines("/proc/net/sockstat")
                .First(line => line.StartsWith("TCP:", StringComparison.Ordinal))
                .Split(' ');
            var pages = words[Array.IndexOf(words, "mem") + 1];
            return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
    }

    /// <summary>
    /// Objects and socket data once they do not change any more: sockets that were closed are
    /// freed in the background, gigabytes of them after very many connections.
    /// </summary>
    public static async Task<long> KernelAtRestAsync()
    {
        var last = Slab + SocketData;
        var quiet = 0;
        for (var looks = 0; quiet < QuietLooks && looks < MostLooks; looks++)
        {
            await Task.Delay(LookEvery);
            var now = Slab + SocketData;
            quiet = Math.Abs(now - last) < Change ? quiet + 1 : 0;
            last = now;
        }
        return last;
    }

    private static bool IsChild(int process, int parent, string text)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").Contains($"PPid:\t{parent}")
                && File.ReadAllText($"/proc/{process}/cmdline")
                    .Contains(text, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // it has ended meanwhile
        }
    }

    private static long Kibibytes(string[] lines, string name)
    {
        var line = Array.Find(lines, line => line.StartsWith(name, StringComparison.Ordinal))!;
        return long.Parse(
            line.AsSpan(name.Length, line.Length - name.Length - "kB".Length).Trim(),
            CultureInfo.InvariantCulture) << 10;
    }
}
