using System.Diagnostics;
using System.Runtime;

namespace TradeProcessor.Bench;

/// <summary>One thing to measure.</summary>
/// <param name="Run">Does the work the given number of times.</param>
internal sealed record Contender(string Name, Action<int> Run);

/// <summary>What the rounds of one contender came to, for one operation.</summary>
internal sealed record Measured(string Name, double[] Nanoseconds, double Bytes);

/// <summary>
/// Measures contenders in turn, forwards and then backwards (A B B A), so that a drift of the
/// machine falls on all of them alike.
/// </summary>
internal static class Rounds
{
    private const double WarmUpMs = 600;
    private const int TieringMs = 300; // longer than the JIT's delay before it compiles again
    private const int MaxPasses = 12;
    private const double SampleMs = 120;
    private const int AllocationRepeats = 100_000; // what happens now and then counts little

    /// <param name="rounds">Each takes two samples of every contender.</param>
    public static IReadOnlyList<Measured> Measure(
        IReadOnlyList<Contender> contenders, int rounds = 6)
    {
        Settle(contenders);
        var repeats = contenders.Select(WarmUp).ToArray();
        var samples = contenders.Select(_ => new List<double>()).ToArray();
        var order = Enumerable.Range(0, contenders.Count).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var i in order.Concat(order.Reverse()))
                samples[i].Add(Sample(contenders[i], repeats[i]));
        }
        return [.. contenders.Select((contender, i) => new Measured(
            contender.Name, [.. samples[i]], AllocatedBytes(contender, repeats[i])))];
    }

    // Until the JIT has nothing more to replace: on one core that takes seconds.
    private static void Settle(IReadOnlyList<Contender> contenders)
    {
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            foreach (var contender in contenders)
                _ = WarmUp(contender);
            Thread.Sleep(TieringMs);
            if (pass > 0 && JitInfo.GetCompiledMethodCount() == compiled)
                return;
        }
    }

    // Returns how many repeats fill a sample.
    private static int WarmUp(Contender contender)
    {
        var repeats = 64;
        var total = Stopwatch.StartNew();
        while (true)
        {
            var ns = Sample(contender, repeats);
            var wanted = SampleMs * 1e6 / ns;
            if (total.Elapsed.TotalMilliseconds > WarmUpMs)
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
    private static double AllocatedBytes(Contender contender, int repeats)
    {
        repeats = Math.Max(repeats, AllocationRepeats);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        contender.Run(repeats);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)repeats;
    }
}
