using TradeProcessor.Tests.Faults.Accounting;
using TradeProcessor.Tests.Faults.Clients;
using TradeProcessor.Tests.Faults.Programs;

namespace TradeProcessor.Tests.Faults;

/// <summary>A worker that dies at each step of its loop, under load.</summary>
public sealed class FailpointTests(FailpointBuild build, ITestOutputHelper output)
    : IClassFixture<FailpointBuild>
{
    [Fact]
    public async Task Kill_AtEachStep_CountsEachTradeOnce()
    {
        var seed = Settings.Seed();
        output.WriteLine($"TP_SEED={seed}");
        var random = new Random(seed);
        await using var cluster = await Cluster.StartAsync(
            new ClusterSettings { Workers = 1, WorkerAssembly = build.Assembly });
        var worker = cluster.Workers[0];
        var (book, journal) = (new PageBook(), new Journal());
        foreach (var point in FailpointBuild.Points)
        {
            var times = random.Next(1, 30);
            await worker.StopAsync();
            await using (var load = new Load(
                Lane.Mixed, seed, [cluster.Consumers[0].Address], book, journal))
            {
                await worker.LaunchAsync(FailpointBuild.Arm(point, times));
                var exitCode = await worker.Process.WaitForExitAsync(TimeSpan.FromSeconds(60));
                Assert.True(
                    exitCode == FailpointBuild.ExitCode,
                    $"{point}:{times} ended with {exitCode}: {worker.Process.Output}");
                await worker.StartAsync();
            }
            output.WriteLine($"killed at {point}, time {times}");
            await Accounts.AssertAsync(cluster, book, journal, output);
        }
    }
}
