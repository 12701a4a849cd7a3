using System.Diagnostics;

namespace TradeProcessor.Tests.Unit.Redis;

internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Polls until it holds; fails after a limit that no healthy run comes near.</summary>
    public static async Task HoldsAsync(Func<ValueTask<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"Not within limits: {what}.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public static Task HoldsAsync(Func<bool> condition, string what) =>
        HoldsAsync(() => ValueTask.FromResult(condition()), what);
}
