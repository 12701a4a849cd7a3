namespace TradeProcessor.Tests.Integration;

/// <summary>kill -9 at random moments under load; TP_KILLS=50 for the long form.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Lanes = 8;

    [Fact]
    public async Task Kill_AtRandomMomentsUnderLoad_LosesNothingAndCountsNothingTwice()
    {
        var kills = Settings.Number("TP_KILLS", 4);
        var seed = Settings.Seed();
        output.WriteLine($"TP_SEED={seed} TP_KILLS={kills}");
        var random = new Random(seed);
        using var directory = new TemporaryDirectory();
        var client = new TradeClient(seed);
        // Short intervals, so that kills also meet snapshots and new segments.
        string[] settings = ["--Storage:SnapshotEvery", "00:00:01", "--Storage:SegmentBytes", "262144"];
        for (var i = 0; i < kills; i++)
        {
            await using var host = await HostProcess.StartAsync(directory.Path, settings);
            using var stop = new CancellationTokenSource();
            var lanes = Enumerable.Range(0, Lanes)
                .Select(lane => client.RunAsync(host.Client, i * Lanes + lane, stop.Token))
                .ToList();
            await Task.Delay(random.Next(50, 2000), TestContext.Current.CancellationToken);
            host.Kill();
            _ = await host.WaitForExitAsync(TimeSpan.FromSeconds(30));
            await stop.CancelAsync();
            await Task.WhenAll(lanes);
            AssertStored(client, StoredTrades.Read(directory.Path));
        }
        var stored = StoredTrades.Read(directory.Path);
        output.WriteLine(
            $"sent {client.Sent.Count}, acknowledged {client.Acknowledged.Count}, "
            + $"stored {stored.TimesByUserId.Count}");
        Assert.True(client.Acknowledged.Count > 100, "the load must have met the kills");
        await using (var host = await HostProcess.StartAsync(directory.Path, settings))
            await stored.AssertCountedBy(host.Client);
        var (exitCode, text) = await HostProcess.RunAsync(directory.Path, "rebuild");
        Assert.True(exitCode == 0, text);
        await using (var host = await HostProcess.StartAsync(directory.Path, settings))
            await stored.AssertCountedBy(host.Client);
    }

    [Fact]
    public async Task Terminate_UnderLoad_DrainsAndExitsWithZero()
    {
        using var directory = new TemporaryDirectory();
        var client = new TradeClient(seed: 1);
        using var stop = new CancellationTokenSource();
        await using (var host = await HostProcess.StartAsync(directory.Path))
        {
            var lanes = Enumerable.Range(0, Lanes)
                .Select(lane => client.RunAsync(host.Client, lane, stop.Token))
                .ToList();
            await Task.Delay(1500, TestContext.Current.CancellationToken);
            host.Terminate();
            Assert.Equal(0, await host.WaitForExitAsync(TimeSpan.FromSeconds(10)));
            await stop.CancelAsync();
            await Task.WhenAll(lanes);
        }
        var stored = StoredTrades.Read(directory.Path);
        AssertStored(client, stored);
        await using (var host = await HostProcess.StartAsync(directory.Path))
        {
            // The last snapshot holds all of it: nothing is counted anew.
            Assert.Contains(" 0 of them to be counted anew", host.Output, StringComparison.Ordinal);
            await stored.AssertCountedBy(host.Client);
        }
    }

    /// <summary>acknowledged ⊆ stored ⊆ sent, each once.</summary>
    private static void AssertStored(TradeClient client, StoredTrades stored)
    {
        var lost = client.Acknowledged.Keys.Except(stored.TimesByUserId.Keys).ToList();
        var twice = stored.TimesByUserId.Where(pair => pair.Value != 1).ToList();
        var unknown = stored.TimesByUserId.Keys.Except(client.Sent.Keys).ToList();
        Assert.Empty(lost);
        Assert.Empty(twice);
        Assert.Empty(unknown);
    }
}
