using System.Diagnostics;
using System.Globalization;
using TradeProcessor.Bench.Programs;
using TradeProcessor.Storage.Engine.Files;

namespace TradeProcessor.Bench.Board;

/// <summary>
/// Waits until the disk is done with what was deleted before: one that is told of free blocks
/// (mount option discard) holds up flushes for seconds after gigabytes of them.
/// </summary>
internal static class DiskRest
{
    private const int ProbeBytes = 4096;

    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(1); // beyond the quiet time
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestQuick = TimeSpan.FromSeconds(20);

    /// <summary>Returns once no flush was slow for a while, or says that it waits no longer.</summary>
    /// <param name="quick">Whether it waits for a short time only.</param>
    public static async Task WaitAsync(string path, bool quick)
    {
        var longest = quick ? LongestQuick : Longest;
        var told = false;
        using var directory = new TemporaryDirectory(path, "probe");
        using var file = File.OpenHandle(
            Path.Combine(directory.Path, "probe"), FileMode.Create, FileAccess.Write);
        var probe = new byte[ProbeBytes];
        var started = Stopwatch.GetTimestamp();
        var quietSince = started;
        while (Stopwatch.GetElapsedTime(quietSince) < Quiet)
        {
            if (Stopwatch.GetElapsedTime(started) > longest)
            {
                Console.WriteLine("  the disk does not come to rest; measuring all the same");
                return;
            }
            if (!told && Stopwatch.GetElapsedTime(started) > Quiet + Noticed)
            {
                Console.WriteLine("  waiting for the disk to come to rest");
                told = true;
            }
            var before = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, probe, 0);
            FileSync.Data(file);
            if (Stopwatch.GetElapsedTime(before) > Slow)
                quietSince = Stopwatch.GetTimestamp();
            await Task.Delay(ProbeEvery, Interruption.Token);
        }
        var waited = Stopwatch.GetElapsedTime(started) - Quiet;
        if (waited > Noticed)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  waited {waited.TotalSeconds:F0} s for the disk"));
        }
    }
}
