using System.Diagnostics;
using System.Runtime;

namespace TradeProcessor.Bench;

/// <summary>One thing to measure.</summary>
/// <param name="Run">Does the work the given number of times.</param>
internal sealed record Contender(string Name, Action<int> Run);

/// <summary>How long contenders are measured.</summary>
/// <param name="Rounds">Each takes two samples of every contender.</param>
/// <param name="WarmUpMs">Of each contender in a pass.</param>
/// <param name="MaxPasses">Until the JIT has settled.</param>
/// <param name="AllocationRepeats">At least: what happens now and then counts little.</param>
internal sealed record Timing(
    int Rounds, double WarmUpMs, int MaxPasses, double SampleMs, int AllocationRepeats)
{
    public static Timing Full { get; } = new(6, 600, 12, 120, 100_000);

    public static Timing Quick { get; } = new(2, 20, 1, 10, 10_000);
}

/// <summary>What the rounds of one contender came to, for one operation.</summary>
internal sealed record Measured(string Name, double[] Nanoseconds, double Bytes);

/// <summary>
/// Measures contenders in turn, forwards and then backwards (A B B A), so that a drift of the
/// machine falls on all of them alike.
/// </summary>
internal static class Rounds
{
    private const int TieringMs = 300; // longer than the JIT's delay before it compiles again

    public static IReadOnlyList<Measured> Measure(IReadOnlyList<Contender> contenders) =>
        Measure(contenders, Timing.Full);

    public static IReadOnlyList<Measured> Measure(
        IReadOnlyList<Contender> contenders, Timing timing)
    {
        Settle(contenders, timing);
        var repeats = contenders.Select(contender => WarmUp(contender, timing)).ToArray();
        var samples = contenders.Select(_ => new List<double>()).ToArray();
        var order = Enumerable.Range(0, contenders.Count).ToArray();
        for (var round = 0; round < timing.Rounds; round++)
        {
            foreach (var i in order.Concat(order.Reverse()))
                samples[i].Add(Sample(contenders[i], repeats[i]));
        }
        return [.. contenders.Select((contender, i) => new Measured(
            contender.Name, [.. samples[i]], AllocatedBytes(contender, repeats[i], timing)))];
    }

    // Until the JIT has nothing more to replace: on one core that takes seconds.
    private static void Settle(IReadOnlyList<Contender> contenders, Timing timing)
    {
        for (var pass = 0; pass < timing.MaxPasses; pass++)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            foreach (var contender in contenders)
                _ = WarmUp(contender, timing);
            Thread.Sleep(TieringMs);
            if (pass > 0 && JitInfo.GetCompiledMethodCount() == compiled)
                return;
        }
    }

    // Returns how many repeats fill a sample.
    private static int WarmUp(Contender contender, Timing timing)
    {
        var repeats = 64;
        var total = Stopwatch.StartNew();
        while (true)
        {
            var ns = Sample(contender, repeats);
            var wanted = timing.SampleMs * 1e6 / ns;
            if (total.Elapsed.TotalMilliseconds > timing.WarmUpMs)
                return (int)Math.Max(1, wanted);
            repeats = (int)Math.Clamp(wanted / 10, 1, repeats * 4.0);
        }
    }

    private static double Sample(Contender contender, int repeats)
    {
        var start = Stopwatch.GetTimestamp();
        contender.Run(repeats);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeats;
    }

    // Of all threads: what is handed to another one counts as well.
    private static double AllocatedBytes(Contender contender, int repeats, Timing timing)
    {
        repeats = Math.Max(repeats, timing.AllocationRepeats);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        contender.Run(repeats);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)repeats;
    }
}
