using System.Diagnostics;

namespace TradeProcessor.Tests.Browser;

/// <summary>Waits for what must come true, looking often; fails with the last values.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static async Task EqualAsync<T>(Func<Task<T>> expected, Func<Task<T>> actual)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            var (want, have) = (await expected(), await actual());
            if (started.Elapsed > Limit)
                Assert.Equal(want, have);
            if (EqualityComparer<T>.Default.Equals(want, have))
                return;
            await Task.Delay(Interval, TestContext.Current.CancellationToken);
        }
    }

    public static Task EqualAsync<T>(T expected, Func<Task<T>> actual) =>
        EqualAsync(() => Task.FromResult(expected), actual);

    public static async Task TrueAsync(
        Func<Task<bool>> condition, string what, TimeSpan? limit = null)
    {
        var started = Stopwatch.StartNew();
        while (!await condition())
        {
            if (started.Elapsed > (limit ?? Limit))
                Assert.Fail($"It did not come true that {what}.");
            await Task.Delay(Interval, TestContext.Current.CancellationToken);
        }
    }
}
