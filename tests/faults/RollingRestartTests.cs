using System.Net;
using TradeProcessor.Tests.Faults.Accounting;
using TradeProcessor.Tests.Faults.Clients;
using TradeProcessor.Tests.Faults.Programs;

namespace TradeProcessor.Tests.Faults;

/// <summary>A new version is rolled out behind HAProxy while clients go on posting.</summary>
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Restart_OneConsumerAfterTheOther_NoRequestFailsAndNothingIsLost()
    {
        var seed = Settings.Seed();
        var rounds = Settings.Number("TP_ROUNDS", 1);
        output.WriteLine($"TP_SEED={seed} TP_ROUNDS={rounds}");
        await using var cluster = await Cluster.StartAsync(new ClusterSettings
        {
            Consumers = 2,
            DrainNotice = TimeSpan.FromSeconds(2),
            StallLimit = TimeSpan.FromSeconds(30), // the disk is not what is tested
        });
        await using var balancer = new HaProxy(cluster);
        await balancer.UntilServedAsync();
        var (book, journal) = (new PageBook(), new Journal());
        await using (var load = new Load(Lane.Keyed, seed, [balancer.Address], book, journal))
        {
            for (var round = 0; round < rounds; round++)
            {
                foreach (var consumer in cluster.Consumers)
                {
                    var taken = await TakenAsync(cluster);
                    await Eventually.TrueAsync(
                        "both consumers take trades", TimeSpan.FromSeconds(20), async () =>
                            (await TakenAsync(cluster)).Zip(taken).All(x => x.First > x.Second));
                    await consumer.StopAsync();
                    await consumer.StartAsync();
                }
            }
        }
        // A drain that is announced costs no client a second try.
        Assert.All(journal.Answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        await Accounts.AssertAsync(cluster, book, journal, output);
    }

    private static Task<double[]> TakenAsync(Cluster cluster) => Task.WhenAll(
        cluster.Consumers.Select(x => x.Process.MetricAsync("trades_accepted_total")));
}
