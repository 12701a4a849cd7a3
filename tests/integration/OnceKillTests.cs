using System.Globalization;

namespace TradeProcessor.Tests.Integration;

/// <summary>kill -9 under load of requests with keys: exactly once, end to end.</summary>
public sealed class OnceKillTests(ITestOutputHelper output)
{
    private const int Lanes = 16;

    /// <summary>TP_KILLS=50 for the long form, TP_SEED to repeat a run.</summary>
    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;

    [Fact]
    public async Task Kill_AtRandomMoments_EachTradeIsStoredExactlyOnce()
    {
        var kills = Setting("TP_KILLS", 4);
        var seed = Setting("TP_SEED", Random.Shared.Next(1_000_000));
        output.WriteLine($"TP_SEED={seed} TP_KILLS={kills}");
        var random = new Random(seed);
        using var directory = new TemporaryDirectory();
        // Short intervals, so that keys are found in snapshots, in the log behind them, and in both.
        string[] settings = ["--Storage:SnapshotEvery", "00:00:01", "--Storage:SegmentBytes", "262144"];
        var client = new OnceClient(seed);
        var host = await HostProcess.StartAsync(directory.Path, settings);
        try
        {
            using var stop = new CancellationTokenSource();
            var lanes = Enumerable.Range(0, Lanes)
                .Select(lane => client.RunAsync(() => host.Client, lane, stop.Token))
                .ToList();
            for (var i = 0; i < kills; i++)
            {
                await Task.Delay(random.Next(200, 2500), TestContext.Current.CancellationToken);
                host.Kill();
                _ = await host.WaitForExitAsync(TimeSpan.FromSeconds(30));
                var killed = host;
                host = await HostProcess.StartAsync(directory.Path, settings);
                await killed.DisposeAsync();
            }
            await stop.CancelAsync();
            await Task.WhenAll(lanes).WaitAsync(
                TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            host.Terminate();
            Assert.Equal(0, await host.WaitForExitAsync(TimeSpan.FromSeconds(15)));
        }
        finally
        {
            await host.DisposeAsync();
        }
        var stored = StoredTrades.Read(directory.Path);
        output.WriteLine(
            $"{client.Acknowledged.Count} trades acknowledged, {stored.TimesByUserId.Count} stored; "
            + $"{client.Answers} answers, {client.Unknown} tries without a 202");
        Assert.Equal(client.Acknowledged.Keys.Order(), stored.TimesByUserId.Keys.Order());
        Assert.All(stored.TimesByUserId, pair => Assert.Equal(1, pair.Value));
        Assert.True(client.Acknowledged.Count > 100, "the load must have met the kills");
        Assert.True(client.Unknown > kills, "the kills must have met requests");
        await using (var again = await HostProcess.StartAsync(directory.Path, settings))
            await stored.AssertCountedBy(again.Client);
    }
}
