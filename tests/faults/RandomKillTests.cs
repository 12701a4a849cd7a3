using TradeProcessor.Tests.Faults.Accounting;
using TradeProcessor.Tests.Faults.Clients;
using TradeProcessor.Tests.Faults.Programs;

namespace TradeProcessor.Tests.Faults;

/// <summary>
/// kill -9 at random moments under load: consumers, workers, Redis, storage API, frontend.
/// TP_KILLS=200 for the long form, TP_SEED to repeat the choice of victims and moments.
/// </summary>
public sealed class RandomKillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Kill_AnyProgramAtRandomMoments_LosesNothingAndCountsNothingTwice()
    {
        var kills = Settings.Number("TP_KILLS", 6);
        var seed = Settings.Seed();
        output.WriteLine($"TP_SEED={seed} TP_KILLS={kills}");
        var random = new Random(seed);
        await using var cluster = await Cluster.StartAsync(
            new ClusterSettings { Consumers = 2, Workers = 2 });
        var (book, journal) = (new PageBook(), new Journal());
        Uri[] targets = [.. cluster.Consumers.Select(consumer => consumer.Address)];
        await using (var load = new Load(Lane.Mixed, seed, targets, book, journal))
        {
            for (var kill = 0; kill < kills; kill++)
            {
                await Task.Delay(random.Next(50, 1500), TestContext.Current.CancellationToken);
                // Each of the kinds in turn, so that the short form meets all of them.
                await KillAsync(cluster, kill % 5, random);
            }
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }
        Assert.True(journal.AcknowledgedTrades > 100, "the load must have met the kills");
        Assert.All(cluster.Members, member => Assert.True(
            member.IsRunning, $"{member.Name} has ended by itself: {member.Process.Output}"));
        await Accounts.AssertAsync(cluster, book, journal, output);
    }

    private static async Task KillAsync(Cluster cluster, int kind, Random random)
    {
        if (kind == 0)
        {
            await cluster.Redis.KillAsync();
            await Task.Delay(random.Next(0, 1000), TestContext.Current.CancellationToken);
            await cluster.Redis.StartAgainAsync();
            return;
        }
        var victim = kind switch
        {
            1 => cluster.Workers[random.Next(cluster.Workers.Count)],
            2 => cluster.Consumers[random.Next(cluster.Consumers.Count)],
            3 => cluster.Storage,
            _ => cluster.Frontend,
        };
        Assert.True(victim.IsRunning, $"{victim.Name} has ended by itself: {victim.Process.Output}");
        await victim.KillAsync();
        await Task.Delay(random.Next(0, 1000), TestContext.Current.CancellationToken);
        await victim.StartAsync();
    }
}
