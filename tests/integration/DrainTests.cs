using System.Diagnostics;
using System.Net;

namespace TradeProcessor.Tests.Integration;

/// <summary>A consumer that is told to stop says so while it still serves.</summary>
public sealed class DrainTests
{
    private static readonly Uri Ready = new("/health/ready", UriKind.Relative);

    [Fact]
    public async Task Terminate_WithDrainNotice_IsNotReadyButServesUntilItIsOver()
    {
        using var directory = new TemporaryDirectory();
        await using var host = await HostProcess.StartAsync(
            directory.Path,
            "--Intake:DrainNotice", "00:00:05",
            "--Intake:StallLimit", "00:00:20");
        var client = new TradeClient(seed: 4);
        var random = new Random(4);
        var notice = Stopwatch.StartNew();
        host.Terminate();
        while (await host.IsReadyAsync())
            Assert.True(notice.Elapsed < TimeSpan.FromSeconds(3), "it must say that it stops");
        // On connections of their own, as those that come late have them.
        while (notice.Elapsed < TimeSpan.FromSeconds(2))
        {
            using var late = new HttpClient { BaseAddress = host.Address };
            Assert.Equal(HttpStatusCode.Accepted, await client.PostAsync(late, 3, random));
            using var ready = await late.GetAsync(Ready, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        }
        Assert.Equal(0, await host.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(notice.Elapsed > TimeSpan.FromSeconds(4.9), "the notice must be kept");
        var stored = StoredTrades.Read(directory.Path);
        Assert.Empty(client.Acknowledged.Keys.Except(stored.TimesByUserId.Keys));
    }
}
