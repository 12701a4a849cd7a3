using System.Diagnostics;

namespace TradeProcessor.Tests.Faults;

/// <summary>Waits for what must come true, looking often.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns how long it took.</summary>
    public static async Task<TimeSpan> TrueAsync(
        string what, TimeSpan limit, Func<Task<bool>> condition)
    {
        var started = Stopwatch.StartNew();
        while (!await condition())
        {
            if (started.Elapsed > limit)
                Assert.Fail($"It did not come true within {limit.TotalSeconds:0} s that {what}.");
            await Task.Delay(Interval, TestContext.Current.CancellationToken);
        }
        return started.Elapsed;
    }
}
